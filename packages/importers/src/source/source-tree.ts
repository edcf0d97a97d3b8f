import { asObject, isObject } from "../json-value.ts";
import type { ImportReport } from "../report/import-report.ts";
import { pointer, pointerOfFragment, tokens } from "./json-pointer.ts";
import { importError } from "./limits.ts";

/** A value of the source and where it stands. */
export interface Located {
  readonly value: unknown;
  readonly file: string;
  readonly pointer: string;
}

/** The parsed files of one import, and the references between them. Nothing outside these files is ever read. */
export class SourceTree {
  readonly root: string;
  readonly #files: ReadonlyMap<string, string>;
  readonly #read: (path: string, text: string) => unknown;
  readonly #trees = new Map<string, unknown>();
  readonly #report: ImportReport;
  /** Places that a reference led to, as `file#pointer`. */
  readonly visited = new Set<string>();

  constructor(
    root: string,
    files: ReadonlyMap<string, string>,
    read: (path: string, text: string) => unknown,
    report: ImportReport,
  ) {
    this.root = root;
    this.#files = files;
    this.#read = read;
    this.#report = report;
  }

  /** The parsed tree of a file; undefined if there is no such file. */
  tree(path: string): unknown {
    if (!this.#trees.has(path)) {
      const text = this.#files.get(path);
      this.#trees.set(path, text === undefined ? undefined : this.#read(path, text));
    }
    return this.#trees.get(path);
  }

  /** The root document. */
  document(): Located {
    return { value: this.tree(this.root), file: this.root, pointer: "" };
  }

  /** The pointer of a place as losses show it: bare for the root document, with the file in front otherwise. */
  show(place: Located): string {
    return place.file === this.root ? place.pointer : `${place.file}#${place.pointer}`;
  }

  /** The member of a place. */
  at(place: Located, ...names: readonly (string | number)[]): Located {
    let value = place.value;
    for (const name of names) {
      if (Array.isArray(value)) value = value[Number(name)];
      else value = isObject(value) && Object.hasOwn(value, String(name)) ? value[String(name)] : undefined;
    }
    return { value, file: place.file, pointer: pointer(place.pointer, ...names) };
  }

  /** Finds what a reference names; undefined if nothing is there. */
  resolve(reference: string, from: Located): Located | undefined {
    const hash = reference.indexOf("#");
    const filePart = hash < 0 ? reference : reference.slice(0, hash);
    const fragment = hash < 0 ? "" : reference.slice(hash + 1);
    const file = filePart === "" ? from.file : this.#fileOf(filePart, from.file);
    if (file === undefined) return this.#bareName(reference, from);
    const root: Located = { value: this.tree(file), file, pointer: "" };
    const path = pointerOfFragment(fragment);
    if (path !== "" && !path.startsWith("/")) return undefined;
    const found = this.at(root, ...tokens(path));
    if (found.value === undefined) return undefined;
    this.visited.add(`${found.file}#${found.pointer}`);
    return found;
  }

  /**
   * Follows `$ref` until something else is there. Siblings of a reference win over members of its target (OpenAPI 3.1
   * for `summary` and `description`; authors of older versions mean the same).
   */
  follow(place: Located): Located {
    let current = place;
    let siblings: Record<string, unknown> | undefined;
    for (let hops = 0; isObject(current.value) && typeof current.value.$ref === "string"; hops++) {
      const reference = current.value.$ref;
      const target = hops > 50 ? undefined : this.resolve(reference, current);
      if (target === undefined) {
        this.#report.lose(
          this.show(current),
          "reference-unresolved",
          `The reference ${JSON.stringify(reference)} leads nowhere${hops > 50 ? " (it runs in a circle)" : ""}.`,
          "Upload the file it names, or correct the reference.",
        );
        return { ...current, value: siblings ?? {} };
      }
      const { $ref: _, ...rest } = current.value;
      if (Object.keys(rest).length > 0) siblings = { ...rest, ...siblings };
      current = target;
    }
    if (siblings === undefined || !isObject(current.value)) return current;
    return { ...current, value: { ...current.value, ...siblings } };
  }

  #fileOf(reference: string, from: string): string | undefined {
    if (/^[a-z][a-z0-9+.-]*:/i.test(reference) || reference.startsWith("//")) return undefined;
    let plain = reference;
    try {
      plain = decodeURIComponent(reference);
    } catch {
      // Not percent-encoded; taken as written.
    }
    const parts = plain.startsWith("/") ? [] : from.split("/").slice(0, -1);
    for (const part of plain.split("/")) {
      if (part === "" || part === ".") continue;
      if (part === "..") {
        if (parts.length === 0) {
          throw importError(
            `The reference ${JSON.stringify(reference)} in ${from} leaves the uploaded folder.`,
            "Upload the folder that holds all the files.",
          );
        }
        parts.pop();
      } else parts.push(part);
    }
    const path = parts.join("/");
    return this.#files.has(path) ? path : undefined;
  }

  /** A reference that is a bare schema name (an old habit) means the named definition. */
  #bareName(reference: string, from: Located): Located | undefined {
    if (!/^[\w.-]+$/.test(reference)) return undefined;
    const root = asObject(this.tree(from.file));
    const holder = isObject(root.definitions) ? ["definitions"] : ["components", "schemas"];
    const found = this.at({ value: root, file: from.file, pointer: "" }, ...holder, reference);
    if (found.value === undefined) return undefined;
    this.#report.repair(this.show(from), "reference-name", reference, `#${found.pointer}`);
    return found;
  }
}
