import { describe, expect, test } from "vitest";
import { signSigV4 } from "./aws-sig-v4.ts";
import vectors from "./vectors/aws-sig-v4.json" with { type: "json" };

const settings = {
  accessKeyId: vectors.accessKeyId,
  secretAccessKey: vectors.secretAccessKey,
  region: vectors.region,
  service: vectors.service,
  date: new Date(vectors.date),
};
type Pair = readonly [string, string];
const base = { method: "GET", path: "/", query: [] as Pair[], headers: [["host", "h.example"]] as Pair[], body: null };
const authorizationOf = (headers: ReadonlyArray<Pair>) => headers.find(([name]) => name === "authorization")?.[1];

describe("AWS SigV4: the published test suite (data from @smithy/signature-v4 1.0.1)", () => {
  test("carries all 24 cases", () => expect(vectors.cases).toHaveLength(24));
  test.each(vectors.cases)("$name", (entry) => {
    const headers = signSigV4(
      { ...entry, query: pairs(entry.query), headers: pairs(entry.headers) },
      sessionTokenOf(pairs(entry.headers)),
    );
    expect(authorizationOf(headers)).toBe(entry.authorization);
  });
});

function pairs(list: readonly string[][]): Pair[] {
  return list.map(([name = "", value = ""]): Pair => [name, value]);
}

function sessionTokenOf(headers: Pair[]) {
  const token = headers.find(([name]) => name === "x-amz-security-token")?.[1];
  return token === undefined ? settings : { ...settings, sessionToken: token };
}

describe("AWS SigV4: beyond the suite", () => {
  test("the S3 example of the AWS documentation (GET object with a range)", () => {
    const headers = signSigV4(
      {
        method: "GET",
        path: "/test.txt",
        query: [],
        headers: [
          ["Host", "examplebucket.s3.amazonaws.com"],
          ["Range", "bytes=0-9"],
        ],
        body: null,
      },
      {
        accessKeyId: "AKIAIOSFODNN7EXAMPLE",
        secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        region: "us-east-1",
        service: "s3",
        date: new Date("2013-05-24T00:00:00Z"),
      },
    );
    expect(authorizationOf(headers)).toBe(
      "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, " +
        "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, " +
        "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
    );
  });
  test("a streamed body is signed as UNSIGNED-PAYLOAD for S3", () => {
    const headers = signSigV4({ ...base, method: "PUT", body: "unsigned" }, { ...settings, service: "s3" });
    expect(headers).toContainEqual(["x-amz-content-sha256", "UNSIGNED-PAYLOAD"]);
  });
  test("transport headers are not signed, so a proxy may change them", () => {
    const withAgent = { ...base, headers: [...base.headers, ["User-Agent", "junctor"] as const] };
    expect(authorizationOf(signSigV4(withAgent, settings))).toBe(authorizationOf(signSigV4(base, settings)));
  });
  test("a changed body changes the signature", () => {
    expect(authorizationOf(signSigV4({ ...base, body: "a" }, settings))).not.toBe(
      authorizationOf(signSigV4({ ...base, body: "b" }, settings)),
    );
  });
});
