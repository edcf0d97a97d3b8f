import { ConnectorError, type ConnectorVersionRecord } from "@junctor/core";
import { describe, expect, it } from "vitest";
import type { KeyHolder } from "../keys/key-ring.ts";
import { explainUnknownConnector, readUnknownConnector } from "./explain-unknown-connector.ts";

const error = new ConnectorError("CONNECTOR_UNKNOWN", 'There is no published connector "boks".', { hint: "Check it." });
const holderOf = (kind: string, ...scopes: string[]) =>
  ({ key: { kind, scopes }, workspace: { id: "w" } }) as unknown as KeyHolder;
const reader = holderOf("service", "execute", "connectors:read");

describe("who asks for a connector that there is not", () => {
  it("is told more with a service key that reads connectors", () => {
    const params = { name: "boks" };
    expect(readUnknownConnector(error, { holder: reader, params })).toMatchObject({ name: "boks" });
    expect(readUnknownConnector(error, { holder: reader, params: {}, body: { connector: "boks" } })).toMatchObject({
      name: "boks",
    });
  });

  const others: readonly [who: string, holder: KeyHolder | null, thrown: ConnectorError][] = [
    ["nobody", null, error],
    ["a page", holderOf("publishable", "connectors:read"), error],
    ["a key that may call only", holderOf("service", "execute"), error],
    ["anybody, of another error", reader, new ConnectorError("ACTION_UNKNOWN", "x")],
  ];
  for (const [who, holder, thrown] of others) {
    it(`is told no more: ${who}`, () => {
      expect(readUnknownConnector(thrown, { holder, params: { name: "boks" } })).toBeUndefined();
    });
  }
});

describe("the hint", () => {
  const versions: Readonly<Record<string, readonly string[]>> = { books: ["1.0.0"], "books-draft": ["0.2.0", "0.1.0"] };
  const records = (name: string) =>
    (versions[name] ?? []).map((version) => ({ name, version }) as ConnectorVersionRecord);
  const store = {
    versions: async (_workspace: string, name: string) => records(name),
    list: async () => Object.keys(versions).flatMap(records),
  };
  const hintFor = async (name: string) => (await explainUnknownConnector(store, { error, holder: reader, name })).hint;

  it("names a similar connector", async () => expect(await hintFor("boks")).toBe('Did you mean "books"?'));
  it("says that there are drafts only", async () =>
    expect(await hintFor("books-draft")).toMatch(/draft only.*0\.2\.0/));
  it("stays where nothing is similar", async () => expect(await hintFor("weather")).toBe("Check it."));
  it("stays where the store fails", async () => {
    const broken = { ...store, versions: () => Promise.reject(new Error("away")) };
    expect(await explainUnknownConnector(broken, { error, holder: reader, name: "boks" })).toBe(error);
  });
});
