import type { HttpDispatchCall, HttpWatcher } from "@junctor/core";

/**
 * Tells a call that its caller went away: ends the exchange that is under way, and fires the signal, which is made only when
 * somebody asks for it.
 */
export class Departure implements HttpWatcher {
  #controller: AbortController | null = null;
  #exchange: HttpDispatchCall | null = null;
  #happened = false;

  get signal(): AbortSignal {
    if (this.#controller === null) {
      this.#controller = new AbortController();
      if (this.#happened) this.#controller.abort();
    }
    return this.#controller.signal;
  }

  /** Takes the exchange that began; a call that is repeated has another one each time. */
  begin(exchange: HttpDispatchCall): void {
    this.#exchange = exchange;
    if (this.#happened) exchange.abort();
  }

  happen(): void {
    this.#happened = true;
    this.#exchange?.abort();
    this.#controller?.abort();
  }
}
