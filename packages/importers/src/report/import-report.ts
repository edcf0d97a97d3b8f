import type { LintFinding, Loss, Note, Repair, SkippedOperation } from "../import-result.ts";

/**
 * Collects what an import has to say while it runs. Every part of the importer gets the same report, so that whoever
 * leaves a fact out can say so on the spot.
 */
export class ImportReport {
  readonly losses: Loss[] = [];
  readonly notes: Note[] = [];
  readonly repairs: Repair[] = [];
  readonly lint: LintFinding[] = [];
  readonly skipped: SkippedOperation[] = [];
  readonly policies: { found: number; applied: number } = { found: 0, applied: 0 };
  readonly dynamicLinks: { found: number; resolved: number } = { found: 0, resolved: 0 };
  readonly #seen = new Set<string>();

  /** Says that a fact is not in the definition. */
  lose(pointer: string, code: string, reason: string, hint: string): void {
    if (this.#isNew("loss", pointer, code)) this.losses.push({ pointer, code, reason, hint });
  }

  /** Says that a fact is kept, but not followed to the letter. */
  note(pointer: string, code: string, reason: string, hint: string): void {
    if (this.#isNew("note", pointer, code)) this.notes.push({ pointer, code, reason, hint });
  }

  /** Says that something was read as what was meant. */
  repair(pointer: string, code: string, from: string, to: string): void {
    if (this.#isNew("repair", pointer, code)) this.repairs.push({ pointer, code, from, to });
  }

  /** Says that an operation was left out. */
  skip(pointer: string, code: string, reason: string): void {
    this.skipped.push({ pointer, code, reason });
  }

  #isNew(kind: string, pointer: string, code: string): boolean {
    const key = `${kind}\n${pointer}\n${code}`;
    if (this.#seen.has(key)) return false;
    this.#seen.add(key);
    return true;
  }
}
