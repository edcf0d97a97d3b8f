import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  createEgress,
  type Egress,
  EgressError,
  type EgressOptions,
  type EgressRequest,
  type ResolvedAddress,
} from "../src/index.ts";
import { type LoopbackServer, serveHttp } from "./loopback-servers.ts";

/** Whoever gets through a hole in the guard ends here. The test listens where the hostile addresses point, and counts. */
let canary: LoopbackServer;
let canaryV6: LoopbackServer | undefined;

beforeAll(async () => {
  canary = await serveHttp((_request, response) => response.end("reached"), "0.0.0.0");
  canaryV6 = await serveHttp((_request, response) => response.end("reached"), "::1", canary.port).catch(
    () => undefined,
  );
});
afterAll(async () => {
  await canary.close();
  await canaryV6?.close();
});

/** Opens everything but the addresses, so that only their classification stands between a request and the canary. */
const wideOpen: EgressOptions = { ports: "any", allowHttp: true, limits: { connectMs: 2_000, totalMs: 3_000 } };

async function failure(
  egress: Egress,
  request: Partial<EgressRequest> & { readonly url: string },
): Promise<EgressError> {
  const outcome: unknown = await egress.request({ method: "GET", ...request }).catch((error: unknown) => error);
  if (!(outcome instanceof EgressError)) throw new Error(`expected an EgressError, got ${JSON.stringify(outcome)}`);
  return outcome;
}

async function withEgress<T>(options: EgressOptions, use: (egress: Egress) => Promise<T>): Promise<T> {
  const egress = createEgress(options);
  try {
    return await use(egress);
  } finally {
    await egress.close();
  }
}

const answers = (...addresses: string[]): ResolvedAddress[] =>
  addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));

describe("a literal address that isn't public is refused in every notation", () => {
  test.each([
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "127.255.255.254",
    "2130706433",
    "0x7f000001",
    "0x7f.0x0.0x0.0x1",
    "0x7f.1",
    "0177.0.0.1",
    "0177.0.0.01",
    "017700000001",
    "00000000177.0.0.1",
    "%31%32%37.0.0.1",
    "１２７.０.０.１",
    "①②⑦.⓪.⓪.①",
    "127。0。0。1",
    "127.0.0.1.",
    "0",
    "0.0.0.0",
    "0x0",
    "[::]",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::FFFF:0:7f00:1]",
    "[::127.0.0.1]",
    "[64:ff9b::127.0.0.1]",
    "[64:ff9b:1::127.0.0.1]",
    "[2002:7f00:1::]",
    "[2001:0:808:808::80ff:fffe]",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.0.1",
    "100.64.0.1",
    "169.254.169.254",
    "2852039166",
    "[fd00:ec2::254]",
    "[fe80::1]",
    "[fc00::1]",
    "[fec0::1]",
    "[ff02::1]",
    "198.18.0.1",
    "192.0.2.1",
    "240.0.0.1",
    "255.255.255.255",
    "224.0.0.1",
  ])("%s", async (host) => {
    const before = canary.connections() + (canaryV6?.connections() ?? 0);
    const error = await withEgress(wideOpen, (egress) => failure(egress, { url: `http://${host}:${canary.port}/` }));
    expect(error).toMatchObject({ code: "EGRESS_ADDRESS_REFUSED", sent: false });
    expect(canary.connections() + (canaryV6?.connections() ?? 0)).toBe(before);
  });
});

describe("a host that is written to deceive is refused before a socket opens", () => {
  test.each([
    ["http://api.example.com@127.0.0.1:PORT/", "EGRESS_URL_INVALID"],
    ["http://127.0.0.1:PORT\\@api.example.com/", "EGRESS_URL_INVALID"],
    ["http://api.example.com:PORT#@127.0.0.1/", "EGRESS_DNS_FAILED"],
    ["http://127.0.0.1\t:PORT/", "EGRESS_URL_INVALID"],
    ["http://localhost:PORT/", "EGRESS_HOST_REFUSED"],
    ["http://LocalHost:PORT/", "EGRESS_HOST_REFUSED"],
    ["http://localhost.:PORT/", "EGRESS_URL_INVALID"],
    ["http://x.localhost:PORT/", "EGRESS_HOST_REFUSED"],
    ["http://metadata.google.internal:PORT/", "EGRESS_HOST_REFUSED"],
    ["ftp://127.0.0.1:PORT/", "EGRESS_SCHEME_REFUSED"],
  ])("%s: %s", async (url, code) => {
    const options = { ...wideOpen, lookup: () => Promise.reject(new Error("no such name")) };
    const error = await withEgress(options, (egress) =>
      failure(egress, { url: url.replace("PORT", String(canary.port)) }),
    );
    expect(error).toMatchObject({ code, sent: false });
    expect(canary.connections()).toBe(0);
  });
});

describe("a name is refused if one of its addresses isn't public", () => {
  test.each([
    [["127.0.0.1"]],
    [["::1"]],
    [["::ffff:127.0.0.1"]],
    [["64:ff9b::7f00:1"]],
    [["10.0.0.1"]],
    [["169.254.169.254"]],
    [["0.0.0.0"]],
    [["93.184.216.34", "127.0.0.1"]],
    [["2606:4700:4700::1111", "93.184.216.34", "::1"]],
    [["127.1"]],
    [["localhost"]],
    [[""]],
  ])("%j", async (addresses) => {
    const options = { ...wideOpen, lookup: () => Promise.resolve(answers(...addresses)) };
    const error = await withEgress(options, (egress) =>
      failure(egress, { url: `http://inner.example:${canary.port}/` }),
    );
    expect(error).toMatchObject({ code: "EGRESS_ADDRESS_REFUSED", hostname: "inner.example", sent: false });
    expect(canary.connections()).toBe(0);
  });

  test("and one that has no address fails as such", async () => {
    const options = { ...wideOpen, lookup: () => Promise.resolve([]) };
    const error = await withEgress(options, (egress) => failure(egress, { url: "http://nowhere.example/" }));
    expect(error).toMatchObject({ code: "EGRESS_DNS_FAILED", sent: false });
  });
});

test("the checked addresses are tried one after the other", async () => {
  const server = await serveHttp((_request, response) => response.end("second"), "127.0.0.2");
  const lookup = () => Promise.resolve(answers("127.0.0.3", "127.0.0.2"));
  await withEgress({ ...wideOpen, allow: [`several.example:${server.port}`], lookup }, async (egress) => {
    const response = await egress.request({ method: "GET", url: `http://several.example:${server.port}/` });
    expect(await response.body.text()).toBe("second");
  });
  await server.close();
});

describe("DNS rebinding", () => {
  test("the connection goes to the checked answer; a second answer is never asked for", async () => {
    const outer = await serveHttp((_request, response) => response.end("outer"), "127.0.0.2");
    let asked = 0;
    const lookup = () => Promise.resolve(answers(asked++ === 0 ? "127.0.0.2" : "127.0.0.1"));
    const options = { ...wideOpen, allow: [`127.0.0.2:${outer.port}`], lookup };
    await withEgress(options, async (egress) => {
      const response = await egress.request({ method: "GET", url: `http://rebind.example:${outer.port}/` });
      expect(await response.body.text()).toBe("outer");
    });
    expect(asked).toBe(1);
    await outer.close();
  });

  test("an answer that changes before the next connection is checked again, and refused", async () => {
    const outer = await serveHttp(
      (_request, response) => response.setHeader("connection", "close").end("outer"),
      "127.0.0.2",
    );
    let asked = 0;
    const lookup = () => Promise.resolve(answers(asked++ === 0 ? "127.0.0.2" : "127.0.0.1"));
    const options = { ...wideOpen, allow: [`127.0.0.2:${outer.port}`], lookup };
    await withEgress(options, async (egress) => {
      const url = `http://rebind.example:${outer.port}/`;
      const first = await egress.request({ method: "GET", url });
      expect(await first.body.text()).toBe("outer");
      expect(await failure(egress, { url })).toMatchObject({
        code: "EGRESS_ADDRESS_REFUSED",
        address: "127.0.0.1",
        sent: false,
      });
    });
    expect(asked).toBe(2);
    await outer.close();
  });
});

describe("redirects", () => {
  let front: LoopbackServer;
  let other: LoopbackServer;
  let seen: Array<{
    readonly host: string;
    readonly headers: NodeJS.Dict<string | string[]>;
    readonly body: string;
    readonly method: string;
  }>;

  beforeAll(async () => {
    const record: Parameters<typeof serveHttp>[0] = (request, response) => {
      let body = "";
      request.on("data", (piece: Buffer) => {
        body += piece.toString();
      });
      request.on("end", () => {
        seen.push({ host: request.headers.host ?? "", headers: request.headers, body, method: request.method ?? "" });
        const [, status, target] = /^\/(\d{3})\/(.*)$/.exec(decodeURIComponent(request.url ?? "")) ?? [];
        if (target === undefined) response.end("landed");
        else response.writeHead(Number(status), { location: target }).end("moved");
      });
    };
    front = await serveHttp(record);
    other = await serveHttp(record);
  });
  afterAll(async () => {
    await front.close();
    await other.close();
  });

  const allowBoth = (): EgressOptions => ({
    ...wideOpen,
    allow: [`127.0.0.1:${front.port}`, `127.0.0.1:${other.port}`],
  });
  const via = (status: number, target: string): string => `/${status}/${encodeURIComponent(target)}`;

  test.each([
    ["http://127.0.0.1:PORT/", "EGRESS_ADDRESS_REFUSED"],
    ["http://2130706433:PORT/", "EGRESS_ADDRESS_REFUSED"],
    ["http://[::1]:PORT/", "EGRESS_ADDRESS_REFUSED"],
    ["http://[::ffff:127.0.0.1]:PORT/", "EGRESS_ADDRESS_REFUSED"],
    ["//127.0.0.2:PORT/", "EGRESS_ADDRESS_REFUSED"],
    ["http://169.254.169.254/latest/meta-data/", "EGRESS_ADDRESS_REFUSED"],
    ["http://user:pw@127.0.0.1:PORT/", "EGRESS_URL_INVALID"],
    ["file:///etc/passwd", "EGRESS_SCHEME_REFUSED"],
    ["gopher://127.0.0.1:PORT/_x", "EGRESS_SCHEME_REFUSED"],
    ["http://inner.example:PORT/", "EGRESS_ADDRESS_REFUSED"],
  ])("to %s are refused: %s", async (target, code) => {
    seen = [];
    const location = target.replace("PORT", String(canary.port));
    const options = { ...allowBoth(), lookup: () => Promise.resolve(answers("127.0.0.1")) };
    const chain = via(302, via(301, via(307, location)));
    const request = { url: `http://127.0.0.1:${front.port}${chain}`, redirect: { mode: "follow" } } as const;
    expect(await withEgress(options, (egress) => failure(egress, request))).toMatchObject({ code });
    expect(seen).toHaveLength(3);
    expect(canary.connections()).toBe(0);
  });

  test("that never end are stopped", async () => {
    seen = [];
    const loop = await serveHttp((_request, response) => response.writeHead(302, { location: "/again" }).end());
    const request = { url: `http://127.0.0.1:${loop.port}/`, redirect: { mode: "follow", max: 3 } } as const;
    const error = await withEgress({ allow: [`127.0.0.1:${loop.port}`] }, (egress) => failure(egress, request));
    expect(error).toMatchObject({ code: "EGRESS_TOO_MANY_REDIRECTS", sent: true });
    await loop.close();
  });

  test.each([
    ["the same origin", () => front, "Bearer t"],
    ["another origin", () => other, undefined],
  ] as const)("to %s: the credentials that arrive are %#", async (_to, target, expected) => {
    seen = [];
    await withEgress(allowBoth(), async (egress) => {
      const response = await egress.request({
        method: "GET",
        url: `http://127.0.0.1:${front.port}${via(302, `http://127.0.0.1:${target().port}/end`)}`,
        headers: { authorization: "Bearer t", cookie: "a=1", "x-api-key": "k", accept: "text/plain" },
        sensitive: { headers: ["X-Api-Key"] },
        redirect: { mode: "follow" },
      });
      expect(await response.body.text()).toBe("landed");
      expect(response.redirects).toHaveLength(1);
      expect(response.url).toBe(`http://127.0.0.1:${target().port}/end`);
    });
    const headers = seen.at(-1)?.headers ?? {};
    expect(headers.authorization).toBe(expected);
    expect(headers.cookie === undefined).toBe(expected === undefined);
    expect(headers["x-api-key"] === undefined).toBe(expected === undefined);
    expect(headers.accept).toBe("text/plain");
  });

  test.each([
    [302, "GET", ""],
    [303, "GET", ""],
    [307, "POST", "payload"],
    [308, "POST", "payload"],
  ])("%i after a POST arrives as %s with body %j", async (status, method, body) => {
    seen = [];
    await withEgress(allowBoth(), async (egress) => {
      const url = `http://127.0.0.1:${front.port}${via(status, "/end")}`;
      const response = await egress.request({ method: "POST", url, body: "payload", redirect: { mode: "follow" } });
      await response.body.text();
    });
    expect(seen.at(-1)).toMatchObject({ method, body });
  });

  test("in manual mode are handed over with the checked next step", async () => {
    await withEgress(allowBoth(), async (egress) => {
      const good = await egress.request({ method: "GET", url: `http://127.0.0.1:${front.port}${via(302, "/end")}` });
      expect(good.status).toBe(302);
      expect(good.redirect).toMatchObject({ kind: "follow", url: `http://127.0.0.1:${front.port}/end`, method: "GET" });
      good.body.discard();
      const bad = await egress.request({
        method: "GET",
        url: `http://127.0.0.1:${front.port}${via(302, "http://10.0.0.1/")}`,
      });
      expect(bad.redirect).toMatchObject({ kind: "refused", error: { code: "EGRESS_ADDRESS_REFUSED" } });
      bad.body.discard();
    });
  });
});

test("proxy variables of the environment are ignored", async () => {
  const server = await serveHttp((_request, response) => response.end("direct"));
  const proxy = `http://127.0.0.1:${canary.port}`;
  const before = { ...process.env };
  Object.assign(process.env, {
    HTTP_PROXY: proxy,
    http_proxy: proxy,
    HTTPS_PROXY: proxy,
    ALL_PROXY: proxy,
    NODE_USE_ENV_PROXY: "1",
  });
  try {
    await withEgress({ allow: [`127.0.0.1:${server.port}`] }, async (egress) => {
      const response = await egress.request({ method: "GET", url: `http://127.0.0.1:${server.port}/` });
      expect(await response.body.text()).toBe("direct");
    });
  } finally {
    process.env = before;
    await server.close();
  }
  expect(canary.connections()).toBe(0);
});
