/** Naming rules: how ids and titles of a source become names of a definition. */

const ascii = (text: string): string => text.normalize("NFKD").replaceAll(/[\u0300-\u036f]/g, "");

/** Makes the name of a connector (lower case, digits, hyphens) from a title; `api` if nothing of it remains. */
export function connectorName(title: string): string {
  const name = ascii(title)
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1-$2")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 60)
    .replace(/-+$/, "");
  return name === "" ? "api" : name;
}

/** Reads a semantic version out of whatever the source calls its version; `1.0.0` if there is none in it. */
export function semanticVersion(text: unknown): string {
  const written = String(text ?? "").trim();
  const exact = /^v?(\d+\.\d+\.\d+)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/.exec(written);
  const prerelease = (exact?.[2] ?? "").slice(1);
  if (exact?.[1] !== undefined && prerelease.split(".").every((part) => part === "" || !/^0\d+$/.test(part))) {
    return `${plainNumbers(exact[1].split("."))}${prerelease === "" ? "" : `-${prerelease}`}`;
  }
  const numbers = written.match(/\d+/g)?.slice(0, 3) ?? [];
  if (numbers.length === 0) return "1.0.0";
  return plainNumbers([...numbers, "0", "0"].slice(0, 3));
}

const plainNumbers = (parts: readonly string[]): string =>
  parts.map((part) => String(Number(part.slice(0, 9)))).join(".");

/** Splits a text into words at separators and changes of case. */
const words = (text: string): readonly string[] =>
  ascii(text)
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== "");

/** Joins words in camel case; the first keeps its case if it is an identifier of its own. */
export function identifier(text: string): string {
  const [first, ...rest] = words(text);
  if (first === undefined) return "";
  const head = /^[A-Z0-9]+$/.test(first) ? first.toLowerCase() : first.charAt(0).toLowerCase() + first.slice(1);
  return head + rest.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
}

/**
 * Names an action: the operation id where it is a legal name, else its words in camel case, else method and path
 * (`GET /pets/{petId}` → `getPetsByPetId`).
 */
export function actionName(operationId: unknown, method: string, path: string): string {
  if (typeof operationId === "string") {
    const id = operationId.trim();
    if (/^[A-Za-z][A-Za-z0-9_]*$/.test(id)) return id;
    const name = words(id).length > 0 ? idWords(id) : "";
    if (/^[A-Za-z]/.test(name)) return name;
    if (name !== "") return `op${name}`;
  }
  return pathName(method, path);
}

const idWords = (id: string): string => {
  const [first = "", ...rest] = ascii(id)
    .split(/[^A-Za-z0-9_]+/)
    .filter((word) => word !== "");
  return (first + rest.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("")).replace(/^_+/, "");
};

function pathName(method: string, path: string): string {
  const parts = path
    .replace(/[?#].*$/, "")
    .split("/")
    .flatMap((segment) => segment.split(/(?=\{)|(?<=\})/))
    .map((part) => (part.startsWith("{") ? `By${capital(identifier(part))}` : capital(identifier(part))));
  return `${method.toLowerCase()}${parts.join("") || "Root"}`;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Gives each name once: a clash gets the next free number. Names that differ in nothing but case clash too. */
export class NameSet {
  readonly #taken = new Set<string>();

  /** Takes the name, or the name with a number behind it. */
  take(wanted: string): string {
    let name = wanted;
    for (let count = 2; this.#taken.has(name.toLowerCase()); count++) name = `${wanted}_${count}`;
    this.#taken.add(name.toLowerCase());
    return name;
  }
}

/** Writes an identifier as a title (`listOpenOrders` → `List open orders`). */
export function titleOf(name: string): string {
  const text = name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, "$1 $2")
    .replaceAll(/[_.\-/]+/g, " ")
    .trim()
    .split(/\s+/)
    .map((word) => (/^[A-Z0-9]+$/.test(word) && word.length > 1 ? word : word.toLowerCase()))
    .join(" ");
  return text.charAt(0).toUpperCase() + text.slice(1) || name;
}
