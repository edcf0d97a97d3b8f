import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { answerDigest, parseDigestChallenge } from "./digest-response.ts";

const mufasa = {
  method: "GET",
  uri: "/dir/index.html",
  username: "Mufasa",
  password: "Circle of Life",
  nonceCount: 1,
  cnonce: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
};
const rfc7616 =
  'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=$, ' +
  'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"';
const responseOf = (header: string) => /response="([0-9a-f]+)"/.exec(header)?.[1];
const challenge = (text: string) => {
  const found = parseDigestChallenge([text]);
  if (found === undefined) throw new Error("no challenge");
  return found;
};

describe("digest: published examples", () => {
  test.each([
    ["RFC 7616 section 3.9.1, MD5", "MD5", "8ca523f5e9506fed4657c9700eebdbec"],
    ["RFC 7616 section 3.9.1, SHA-256", "SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"],
  ])("%s", (_title, algorithm, response) => {
    const header = answerDigest(challenge(rfc7616.replace("$", algorithm)), mufasa);
    expect(responseOf(header)).toBe(response);
    expect(header).toContain('opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"');
    expect(header).toContain("qop=auth, nc=00000001, cnonce=");
  });
  test("RFC 2617 section 3.5", () => {
    const header = answerDigest(
      challenge('Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"'),
      { ...mufasa, password: "Circle Of Life", cnonce: "0a4f113b" },
    );
    expect(responseOf(header)).toBe("6629fae49393a05397450978507c4ef1");
  });
  test("RFC 7616 section 3.9.2: the hashed user name", () => {
    const header = answerDigest(
      challenge(
        'Digest realm="api@example.org", qop="auth", algorithm=SHA-512-256, charset=UTF-8, userhash=true, ' +
          'nonce="5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK", opaque="HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS"',
      ),
      {
        ...mufasa,
        uri: "/doe.json",
        username: "Jäsøn Doe",
        password: "Secret, or not?",
        cnonce: "NTg6RKcb9boFIAS3KrFK9BGeh+niz/sm",
      },
    );
    expect(responseOf(header)).toMatch(/^[0-9a-f]{64}$/);
    expect(header).toContain('username="793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b"');
  });
});

describe("digest: the rest of the algorithm, against its definition", () => {
  const md5 = (text: string) => createHash("md5").update(text).digest("hex");
  test("-sess hashes nonce and client nonce into A1", () => {
    const found = challenge('Digest realm="r", nonce="n", qop="auth", algorithm=MD5-sess');
    const a1 = md5(`${md5("Mufasa:r:Circle of Life")}:n:${mufasa.cnonce}`);
    const expected = md5(`${a1}:n:00000001:${mufasa.cnonce}:auth:${md5("GET:/dir/index.html")}`);
    expect(responseOf(answerDigest(found, mufasa))).toBe(expected);
  });
  test("auth-int covers the body", () => {
    const found = challenge('Digest realm="r", nonce="n", qop="auth-int"');
    const a2 = md5(`POST:/dir/index.html:${md5("hello")}`);
    const expected = md5(`${md5("Mufasa:r:Circle of Life")}:n:00000001:${mufasa.cnonce}:auth-int:${a2}`);
    expect(responseOf(answerDigest(found, { ...mufasa, method: "POST", body: "hello" }))).toBe(expected);
  });
  test("without qop the answer is that of RFC 2069", () => {
    const header = answerDigest(challenge('Digest realm="r", nonce="n"'), mufasa);
    expect(responseOf(header)).toBe(md5(`${md5("Mufasa:r:Circle of Life")}:n:${md5("GET:/dir/index.html")}`));
    expect(header).not.toContain("nc=");
  });
  test("the nonce count is eight hexadecimal digits and changes the answer", () => {
    const found = challenge('Digest realm="r", nonce="n", qop="auth"');
    const second = answerDigest(found, { ...mufasa, nonceCount: 31 });
    expect(second).toContain("nc=0000001f");
    expect(responseOf(second)).not.toBe(responseOf(answerDigest(found, mufasa)));
  });
  test("a name beyond ASCII is sent in extended notation", () => {
    const header = answerDigest(challenge('Digest realm="r", nonce="n", qop="auth"'), { ...mufasa, username: "Jö" });
    expect(header).toContain("username*=UTF-8''J%C3%B6");
  });
});

describe("digest: reading challenges", () => {
  test.each([
    [
      "the strongest algorithm wins",
      ['Digest realm="a", nonce="1", algorithm=MD5', 'Digest realm="a", nonce="2", algorithm=SHA-256'],
      "2",
    ],
    [
      "several challenges in one header",
      ['Basic realm="x, y", Digest realm="a", nonce="3", qop="auth", Bearer realm="z"'],
      "3",
    ],
    ["a comma inside a quoted value", ['Digest realm="a, Digest b", nonce="4"'], "4"],
    [
      "an unknown algorithm is passed over",
      ['Digest realm="a", nonce="5", algorithm=WHIRLPOOL', 'Digest realm="a", nonce="6"'],
      "6",
    ],
    ["no digest at all", ['Basic realm="a"'], undefined],
    ["a digest without nonce", ['Digest realm="a"'], undefined],
  ])("%s", (_title, headers, nonce) => {
    expect(parseDigestChallenge(headers)?.nonce).toBe(nonce);
  });
  test("stale is read", () => expect(challenge('Digest realm="a", nonce="1", stale=TRUE').stale).toBe(true));
});
