/**
 * Tells a call that its caller went away. The signal is made when somebody asks for it: a passed-through call, which can
 * be ended in a cheaper way, never does.
 */
export class Departure {
  #controller: AbortController | null = null;
  #happened = false;

  get signal(): AbortSignal {
    if (this.#controller === null) {
      this.#controller = new AbortController();
      if (this.#happened) this.#controller.abort();
    }
    return this.#controller.signal;
  }

  happen(): void {
    this.#happened = true;
    this.#controller?.abort();
  }
}
