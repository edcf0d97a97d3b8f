import { asList, asObject, isObject, type Obj } from "../json-value.ts";
import { pathItemMethods } from "../openapi/source-model.ts";
import { escapeToken } from "../source/json-pointer.ts";

/** Something that a person must check before a draft becomes a connector. */
export interface ChecklistItem {
  readonly topic: "auth" | "address" | "naming" | "paging" | "limits" | "uncertain" | "writes" | "source";
  readonly pointer: string;
  readonly question: string;
}

/** Lists what a person must check: sign-in and address first, then what writes, pages and limits, then what the model doubts. */
export function checklistFor(document: Obj, text: string, isCut: boolean): readonly ChecklistItem[] {
  const items: ChecklistItem[] = [];
  const add = (topic: ChecklistItem["topic"], pointer: string, question: string): void => {
    items.push({ topic, pointer, question });
  };
  const schemes = Object.entries(asObject(asObject(document.components).securitySchemes));
  if (schemes.length === 0)
    add("auth", "/components/securitySchemes", "No way to sign in was found. Does the API really need none?");
  for (const [name] of schemes)
    add(
      "auth",
      `/components/securitySchemes/${escapeToken(name)}`,
      "Is the credential really sent there, and under that name?",
    );
  const servers = asList(document.servers);
  if (servers.length === 0) add("address", "/servers", "No address was found. Where is the API?");
  servers.forEach((server, index) => {
    const url = String(asObject(server).url ?? "");
    const isKnown = url !== "" && text.includes(url.replace(/^https?:\/\//, "").split("/")[0] ?? url);
    add(
      "address",
      `/servers/${index}`,
      isKnown
        ? `Is ${url} the address for production?`
        : `${url} is not in the documentation. Where does it come from?`,
    );
  });
  if (isCut) add("source", "", "The documentation was longer than what was sent; the rest is missing.");
  for (const [path, item] of Object.entries(asObject(document.paths))) {
    for (const method of pathItemMethods) {
      const operation = asObject(item)[method];
      if (isObject(operation)) checkOperation(operation, method, path, text, add);
    }
  }
  if (!/rate.?limit|requests per|per minute|429/i.test(text))
    add("limits", "", "The documentation names no rate limit. Is there one?");
  findUncertain(document, add);
  return items;
}

type Add = (topic: ChecklistItem["topic"], pointer: string, question: string) => void;

function checkOperation(operation: Obj, method: string, path: string, text: string, add: Add): void {
  const place = `/paths/${escapeToken(path)}/${method}`;
  const fixed =
    path
      .split("/")
      .filter((part) => part !== "" && !part.startsWith("{"))
      .at(-1) ?? "";
  if (fixed !== "" && !text.includes(fixed))
    add("uncertain", place, `${path} is not in the documentation. Does it exist?`);
  if (typeof operation.operationId !== "string") add("naming", place, "The operation has no name.");
  if (["post", "put", "patch", "delete"].includes(method))
    add("writes", place, `${method.toUpperCase()} ${path} changes data: try it in a sandbox first.`);
  const names = asList(operation.parameters).map((parameter) => String(asObject(parameter).name).toLowerCase());
  if (names.some((name) => /^(page|offset|cursor|limit|per_page|page_size|starting_after)$/.test(name)))
    add("paging", place, "The list has pages: add pagination to the action.");
}

function findUncertain(document: Obj, add: Add): void {
  const stack: { readonly value: unknown; readonly pointer: string }[] = [{ value: document, pointer: "" }];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (typeof next.value !== "object" || next.value === null) continue;
    const reason = asObject(next.value)["x-uncertain"];
    if (typeof reason === "string") add("uncertain", next.pointer, reason.slice(0, 300));
    for (const [name, item] of Object.entries(next.value))
      stack.push({ value: item, pointer: `${next.pointer}/${escapeToken(name)}` });
  }
}
