import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startBrowser } from "./harness/browser.ts";
import { type SigningUpstream, signing, startSigningUpstream } from "./harness/signing-upstream.ts";
import { expectStatus, type Stack, startStack } from "./harness/start-stack.ts";

let upstream: SigningUpstream;
let stack: Stack;
beforeAll(async () => {
  upstream = await startSigningUpstream();
  stack = await startStack({ odd: false, environment: { JUNCTOR_EGRESS_ALLOW: `127.0.0.1:${upstream.port}` } });
  for (const secret of [signing.password, signing.hmacKey, signing.jwtKey, signing.awsSecret, signing.tokenSecret]) {
    stack.guard(secret);
  }
  const hosts = [`127.0.0.1:${upstream.port}`];
  for (const [name, value] of [
    ["aws-session", "session-token-of-aws"],
    ["consumer", signing.consumerSecret],
  ]) {
    await expectStatus(200, stack.send("PUT", `/v1/secrets/${name}`, { body: { value, hosts } }));
  }
  await expectStatus(201, stack.send("POST", "/v1/connectors?publish=true", { body: definition() }));
});
afterAll(async () => {
  await stack.stop();
  await upstream.close();
});

function definition() {
  const secret = "{{ connection.secret }}";
  const named = (name: string, method: object) => ({ ...method, name });
  const url = upstream.url;
  return {
    $schema: "https://junctor.dev/schema/connector/v1.json",
    name: "signed",
    title: "Signed",
    version: "1.0.0",
    baseUrl: url,
    connection: {
      parameters: { type: "object", required: ["secret"], properties: { secret: { type: "string", writeOnly: true } } },
      auth: [
        named("digest", { type: "digest", username: signing.user, password: secret }),
        named("hmac", {
          type: "hmac",
          algorithm: "hmac-sha256",
          key: secret,
          payload:
            "{{ request.method }}\n{{ request.path }}?{{ request.queryString }}\n{{ call.time }}\n{{ request.rawBody }}",
          apply: { headers: { "X-Signature": "{{ signature }}", "X-Time": "{{ call.time }}" } },
        }),
        named("jwt", {
          type: "jwt",
          algorithm: "HS256",
          key: secret,
          claims: { aud: "orders", sub: "ada" },
          lifetime: "PT1M",
        }),
        named("aws", {
          type: "awsSigV4",
          accessKeyId: "AKID",
          secretAccessKey: secret,
          sessionToken: "{{ secret('aws-session') }}",
          region: "eu-central-1",
          service: "execute-api",
        }),
        named("twoLegged", {
          type: "oauth1",
          consumerKey: "consumer",
          consumerSecret: "{{ secret('consumer') }}",
          token: "{{ 'permanent' }}",
          tokenSecret: secret,
        }),
        named("threeLegged", {
          type: "oauth1",
          consumerKey: "consumer",
          consumerSecret: secret,
          requestTokenUrl: `${url}/oauth1/request`,
          authorizationUrl: `${url}/oauth1/authorize`,
          accessTokenUrl: `${url}/oauth1/access`,
        }),
      ],
    },
    actions: {
      send: {
        input: {
          type: "object",
          required: ["where"],
          properties: { where: { type: "string" }, text: { type: "string" } },
        },
        retry: { attempts: 1 },
        request: {
          method: "POST",
          path: "/{{ input.where }}/things",
          query: { "a b": "{{ input.text }}", z: "1" },
          body: { text: "{{ input.text }}" },
        },
      },
      post: {
        input: { type: "object", properties: { text: { type: "string" } } },
        retry: { attempts: 1 },
        request: {
          method: "POST",
          path: "/oauth1/things",
          contentType: "application/x-www-form-urlencoded",
          body: { text: "{{ input.text }}", other: "x y" },
        },
      },
    },
  };
}

async function connect(authMethod: string, secret: string): Promise<string> {
  const body = { connector: "signed", name: authMethod, authMethod, parameters: { secret } };
  return ((await expectStatus(201, stack.send("POST", "/v1/connections", { body }))).body as { id: string }).id;
}
const send = (connection: string, where: string) =>
  stack.execute("signed", "send", { input: { where, text: "äöü & 100% of it/that" }, connection });

describe("signed requests, checked by an upstream that shares no code with the signer", () => {
  it.each([
    ["hmac", "hmac", signing.hmacKey],
    ["jwt", "jwt", signing.jwtKey],
    ["aws", "aws", signing.awsSecret],
    ["twoLegged", "oauth1", signing.tokenSecret],
  ])("%s", async (method, where, secret) => {
    await connect(method, secret);
    const answer = await send(method, where);
    expect(upstream.lastRefusal()).toBeNull();
    expect(answer.body).toMatchObject({ output: { accepted: true } });
  });

  it("OAuth 1.0a signs a form body", async () => {
    const answer = await stack.execute("signed", "post", { input: { text: "a+b=c&d" }, connection: "twoLegged" });
    expect(answer.body).toMatchObject({ output: { accepted: true } });
  });

  it("OAuth 1.0a in three legs: a person authorizes, calls use the token", async () => {
    const id = await connect("threeLegged", signing.consumerSecret);
    expect((await send("threeLegged", "oauth1")).body).toMatchObject({ code: "CONNECTION_UNUSABLE" });
    const begun = await expectStatus(200, stack.send("POST", `/v1/connections/${id}/authorize`, { body: {} }));
    const browser = startBrowser();
    const page = await browser.open((begun.body as { url: string }).url);
    const last = await browser.submit(page, { "p.secret": "" });
    expect(last.text).toContain("Signed is connected");
    await expect.poll(async () => (await send("threeLegged", "oauth1")).status, { timeout: 6_000 }).toBe(200);
  });

  describe("digest", () => {
    beforeEach(() => undefined);
    it("answers the challenge, reuses the nonce with a growing count, and follows a stale one", async () => {
      await connect("digest", signing.password);
      const attempts: number[] = [];
      for (let call = 0; call < 5; call++) {
        const answer = await send("digest", "digest");
        expect(answer.body).toMatchObject({ output: { accepted: true } });
        attempts.push((answer.body as { meta: { attempts: number } }).meta.attempts);
      }
      // Two uses per nonce: the first call is challenged, later ones only when the nonce went stale.
      expect(attempts).toEqual([2, 1, 2, 1, 2]);
      expect(upstream.challenges()).toBe(3);
    });

    it("a wrong password is refused after one challenge, not in a loop", async () => {
      await stack.send("PATCH", `/v1/connections/${await connectAs("wrong", "not the password")}`, { body: {} });
      const answer = await stack.execute("signed", "send", { input: { where: "digest" }, connection: "wrong" });
      expect(answer.body).toMatchObject({ code: "AUTHENTICATION_FAILED", upstreamStatus: 401 });
    });
  });

  async function connectAs(name: string, secret: string): Promise<string> {
    const body = { connector: "signed", name, authMethod: "digest", parameters: { secret } };
    return ((await expectStatus(201, stack.send("POST", "/v1/connections", { body }))).body as { id: string }).id;
  }
});
