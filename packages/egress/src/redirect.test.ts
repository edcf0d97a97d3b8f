import { describe, expect, test } from "vitest";
import { resolvePolicy } from "./policy.ts";
import { checkRedirect, type RedirectQuestion, type RedirectStep } from "./redirect.ts";

const policy = resolvePolicy({ allow: ["10.0.0.5:8080"], allowHttp: true });
const base: RedirectQuestion = {
  method: "GET",
  url: "https://api.example.com/v1/books?page=1",
  status: 302,
  responseHeaders: { location: "/v2/books" },
};

function follow(question: Partial<RedirectQuestion>): RedirectStep {
  const check = checkRedirect({ ...base, ...question }, policy);
  if (check.kind === "refused") throw check.error;
  return check;
}

function refusal(question: Partial<RedirectQuestion>): string {
  const check = checkRedirect({ ...base, ...question }, policy);
  return check.kind === "refused" ? check.error.code : check.url;
}

describe("method and body", () => {
  test.each([
    [301, "GET", "none", "GET", false],
    [301, "POST", "replayable", "GET", false],
    [301, "PUT", "replayable", "PUT", true],
    [302, "POST", "replayable", "GET", false],
    [302, "DELETE", "none", "DELETE", false],
    [302, "HEAD", "none", "HEAD", false],
    [303, "POST", "replayable", "GET", false],
    [303, "PUT", "replayable", "GET", false],
    [303, "HEAD", "none", "HEAD", false],
    [303, "GET", "replayable", "GET", false],
    [307, "POST", "replayable", "POST", true],
    [307, "GET", "none", "GET", false],
    [308, "POST", "replayable", "POST", true],
    [308, "PATCH", "replayable", "PATCH", true],
  ] as const)("%i after %s with body %s: %s, body kept: %s", (status, method, body, nextMethod, keepBody) => {
    expect(follow({ status, method, body })).toMatchObject({ method: nextMethod, keepBody });
  });

  test.each([
    [303, "stream", "https://api.example.com/v2/books"],
    [302, "stream", "https://api.example.com/v2/books"],
    [307, "stream", "EGRESS_REDIRECT_REFUSED"],
    [308, "stream", "EGRESS_REDIRECT_REFUSED"],
  ] as const)("%i after a POST with a %s: %s", (status, body, expected) => {
    expect(refusal({ status, method: "POST", body })).toBe(expected);
  });
});

describe("location", () => {
  test.each([
    ["/v2", "https://api.example.com/v2"],
    ["v2", "https://api.example.com/v1/v2"],
    ["?page=2", "https://api.example.com/v1/books?page=2"],
    ["//other.example.com/x", "https://other.example.com/x"],
    ["https://other.example.com/x#part", "https://other.example.com/x"],
    ["/b\u00c3\u00bccher", "https://api.example.com/b%C3%BCcher"],
    ["http://api.example.com/", "EGRESS_REDIRECT_REFUSED"],
    ["http://10.0.0.5:8080/", "EGRESS_REDIRECT_REFUSED"],
    ["https://127.0.0.1/", "EGRESS_ADDRESS_REFUSED"],
    ["https://2130706433/", "EGRESS_ADDRESS_REFUSED"],
    ["https://[::ffff:169.254.169.254]/latest", "EGRESS_ADDRESS_REFUSED"],
    ["https://localhost/", "EGRESS_HOST_REFUSED"],
    ["https://user:pw@api.example.com/", "EGRESS_URL_INVALID"],
    ["https://api.example.com:22/", "EGRESS_PORT_REFUSED"],
    ["file:///etc/passwd", "EGRESS_SCHEME_REFUSED"],
    ["gopher://api.example.com/", "EGRESS_SCHEME_REFUSED"],
    ["https://[", "EGRESS_REDIRECT_REFUSED"],
  ])("%s: %s", (location, expected) => {
    expect(refusal({ responseHeaders: { location } })).toBe(expected);
  });

  test.each([
    [300, { location: "/x" }],
    [304, { location: "/x" }],
    [200, { location: "/x" }],
    [302, {}],
    [302, { location: ["/x", "/y"] }],
  ])("status %i with %j is not followed", (status, responseHeaders) => {
    expect(refusal({ status, responseHeaders })).toBe("EGRESS_REDIRECT_REFUSED");
  });

  test("the same location twice is one", () => {
    expect(refusal({ responseHeaders: { location: ["/x", "/x"] } })).toBe("https://api.example.com/x");
  });
});

describe("credentials", () => {
  const headers = [
    "Authorization",
    "Bearer t",
    "cookie",
    "a=1",
    "X-Api-Key",
    "k",
    "Proxy-Authorization",
    "p",
    "accept",
    "a/b",
  ];
  const sensitive = { headers: ["x-api-key"], query: ["api_key"] };

  test.each([
    ["/v2", false],
    ["https://API.example.com:443/v2", false],
    ["https://other.example.com/", true],
    ["https://api.example.com.evil.example/", true],
    ["https://example.com/", true],
  ])("to %s: dropped %s", (location, dropped) => {
    const step = follow({ responseHeaders: { location }, headers, sensitive });
    expect(step.originChanged).toBe(dropped);
    expect(step.headers).toEqual(dropped ? ["accept", "a/b"] : headers);
  });

  test("are dropped when only the port or scheme changes", () => {
    const from = { url: "http://10.0.0.5:8080/", headers, sensitive };
    expect(follow({ ...from, responseHeaders: { location: "https://api.example.com/" } }).headers).toEqual([
      "accept",
      "a/b",
    ]);
  });

  test("in the query are dropped across origins", () => {
    const location = "https://other.example.com/x?api_key=k&page=2";
    expect(follow({ responseHeaders: { location }, sensitive }).url).toBe("https://other.example.com/x?page=2");
    expect(follow({ responseHeaders: { location: "/x?api_key=k" }, sensitive }).url).toBe(
      "https://api.example.com/x?api_key=k",
    );
  });

  test("in the body don't cross origins unless the caller says so", () => {
    const post = {
      status: 307,
      method: "POST",
      body: "replayable",
      responseHeaders: { location: "https://other.example.com/" },
    } as const;
    expect(refusal(post)).toBe("EGRESS_REDIRECT_REFUSED");
    expect(follow({ ...post, bodyAcrossOrigins: true })).toMatchObject({ keepBody: true, originChanged: true });
  });

  test("never show in the hop", () => {
    const step = follow({
      url: "https://api.example.com/a?key=s3cret",
      responseHeaders: { location: "https://other.example.com/b?key=s3cret" },
    });
    expect(step.hop).toEqual({
      status: 302,
      from: "https://api.example.com/a",
      to: "https://other.example.com/b",
      originChanged: true,
    });
  });
});

test("headers that describe the body go when the body goes", () => {
  const headers = ["Content-Type", "application/json", "content-encoding", "gzip", "accept", "a/b"];
  const question = { method: "POST", body: "replayable", headers } as const;
  expect(follow({ ...question, status: 303 }).headers).toEqual(["accept", "a/b"]);
  expect(follow({ ...question, status: 307 }).headers).toEqual(headers);
});
