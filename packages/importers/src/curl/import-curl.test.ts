import { describe, expect, it } from "vitest";
import { importDocument } from "../import-document.ts";
import { asObject } from "../json-value.ts";

/** Imports a command; its only action's request and body schema, and what is said. */
function importOf(command: string) {
  const result = importDocument([{ path: "c.txt", bytes: new TextEncoder().encode(command) }], { format: "curl" });
  expect(result.ok).toBe(true);
  const action = asObject(Object.values(asObject(result.definition?.actions))[0]);
  return {
    base: result.definition?.baseUrl,
    request: asObject(action.request),
    body: asObject(asObject(asObject(action.input).properties).body),
    losses: result.losses.map((loss) => loss.code),
    notes: result.notes.map((note) => note.code),
    text: JSON.stringify(result),
  };
}

const url = "https://api.example.com/a";

describe("data of a cURL command", () => {
  const text = { type: "string" };
  it.each<[string, string, unknown, string | undefined]>([
    ["a form", `-d 'x=1&y=2'`, { x: text, y: text }, "application/x-www-form-urlencoded"],
    [
      "parts that are to be encoded",
      `--data-urlencode 'q=a b' --data-urlencode name@file.txt`,
      { q: text, name: text },
      "application/x-www-form-urlencoded",
    ],
    ["JSON", `--json '{"a":1}'`, { a: { type: "integer" } }, undefined],
    ["JSON without a content type", `--data-raw '{"a":1}'`, { a: { type: "integer" } }, undefined],
    [
      "files of a form",
      `-F 'file=@a.pdf;type=application/pdf' -F name=x --form-string 's=@no'`,
      { file: { type: "string", format: "binary" }, name: text, s: text },
      "multipart/form-data",
    ],
    ["a text that is no form", `--data-raw '{"a": }'`, {}, "text/plain"],
    ["JSON of a file", `-H 'Content-Type: application/json' -d @body.json`, {}, undefined],
  ])("%s", (_, options, properties, contentType) => {
    const found = importOf(`curl ${url} ${options}`);
    expect(found.request.method).toBe("POST");
    expect(asObject(found.body.properties)).toEqual(properties);
    expect(found.request.contentType).toBe(contentType);
    expect(found.losses).toEqual([]);
  });
  it("goes to the query with -G, and with --url-query", () => {
    const query = importOf(`curl -G ${url} -d a=1 --data-urlencode 'b=x y' --url-query c=2`).request.query;
    expect(Object.keys(asObject(query))).toEqual(["c", "a", "b"]);
  });
});

describe("commands of other shells", () => {
  it("cmd: carets before the end of a line and before quotes", () => {
    const found = importOf(`curl "${url}" ^\r\n  -X PUT ^\r\n  -H "X-A: 1" ^\r\n  --data-raw "{^\\"a^\\":1}"`);
    expect(found.request).toMatchObject({ method: "PUT", headers: { "X-A": "{{ input['X-A'] }}" } });
    expect(found.body.properties).toEqual({ a: { type: "integer" } });
  });
  it("PowerShell: a backtick at the end of a line", () => {
    expect(importOf(`curl.exe "${url}" \`\n  -X DELETE`).request.method).toBe("DELETE");
  });
  it("bash: escapes in $'…'", () => {
    const found = importOf(`curl $'${url}' --data-raw $'{"t":"it\\'s \\u00e9"}'`);
    expect(found.body.properties).toEqual({ t: { type: "string" } });
  });
  it("variables are variables of the path; one that is the host stops the import", () => {
    expect(importOf(`curl ${url}/$USER/\${ID}`).request.path).toBe("/a/{{ input.USER }}/{{ input.ID }}");
    expect(() => importOf("curl https://$HOST/a")).toThrow("The host of the cURL command is a variable");
  });
});

describe("what a cURL command says and a definition does not", () => {
  it.each([
    [`${url} https://api.example.com/b`, ["curl-word"]],
    ["'https://api.example.com/{a,b}/[1-3]'", ["curl-glob"]],
    [`${url} --aws-sigv4 aws:amz:eu:s3`, ["curl-signature"]],
    [`${url} --cert c.pem --proxy http://p:1 -k`, ["curl-option--cert", "curl-option--proxy", "curl-insecure"]],
    [`${url} --haproxy-clientip 1.2.3.4`, ["curl-option--haproxy-clientip"]],
    [`--some-flag ${url}`, ["curl-option--some-flag"]],
    [`${url} -sSfL --compressed --http2 -m 5`, []],
  ])("%s", (words, losses) => {
    const found = importOf(`curl ${words}`);
    expect(found.base).toBe("https://api.example.com");
    expect(found.losses).toEqual(losses);
  });
  it("agent and referer are left out, which is said", () => {
    expect(importOf(`curl -A agent -e https://ref.example ${url}`).notes).toEqual([
      "curl-header-User-Agent",
      "curl-header-Referer",
    ]);
  });
  it.each([
    `${url} Authorization: Bearer canary`,
    `${url} --unknown canary`,
    `${url} https://u:canary@api.example.com/b?k=canary`,
    `-u u:canary ${url}`,
  ])("a credential is never repeated: %s", (words) => expect(importOf(`curl ${words}`).text).not.toContain("canary"));
});
