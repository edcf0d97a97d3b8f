import { describe, expect, test } from "vitest";
import { type HmacAlgorithm, signHmac } from "./hmac-signature.ts";

const hex = (text: string) => Buffer.from(text, "hex");
const cases = [
  {
    title: "1: short key",
    key: hex("0b".repeat(20)),
    data: Buffer.from("Hi There"),
    "hmac-sha224": "896fb1128abbdf196832107cd49df33f47b4b1169912ba4f53684b22",
    "hmac-sha256": "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
    "hmac-sha384": "afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59cfaea9ea9076ede7f4af152e8b2fa9cb6",
    "hmac-sha512":
      "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cdedaa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854",
  },
  {
    title: "2: key shorter than the output",
    key: Buffer.from("Jefe"),
    data: Buffer.from("what do ya want for nothing?"),
    "hmac-sha224": "a30e01098bc6dbbf45690f3a7e9e6d0f8bbea2a39e6148008fd05e44",
    "hmac-sha256": "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    "hmac-sha384": "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649",
    "hmac-sha512":
      "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
  },
  {
    title: "3: key and data together longer than a block",
    key: hex("aa".repeat(20)),
    data: hex("dd".repeat(50)),
    "hmac-sha224": "7fb3cb3588c6c1f6ffa9694d7d6ad2649365b0c1f65d69d1ec8333ea",
    "hmac-sha256": "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
    "hmac-sha384": "88062608d3e6ad8a0aa2ace014c8a86f0aa635d947ac9febe83ef4e55966144b2a5ab39dc13814b94e3ab6e101a34f27",
    "hmac-sha512":
      "fa73b0089d56a284efb0f0756c890be9b1b5dbdd8ee81a3655f83e33b2279d39bf3e848279a722c806b485a47e67c807b946a337bee8942674278859e13292fb",
  },
  {
    title: "6: key longer than a block",
    key: hex("aa".repeat(131)),
    data: Buffer.from("Test Using Larger Than Block-Size Key - Hash Key First"),
    "hmac-sha224": "95e9a0db962095adaebe9b2d6f0dbce2d499f112f2d2b7273fa6870e",
    "hmac-sha256": "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
    "hmac-sha384": "4ece084485813e9088d2c63a041bc5b44f9ef1012a2b588f3cd11f05033ac4c60c2ef6ab4030fe8296248df163f44952",
    "hmac-sha512":
      "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f3526b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598",
  },
] as const;
const algorithms: readonly Exclude<HmacAlgorithm, "hmac-md5" | "hmac-sha1">[] = [
  "hmac-sha224",
  "hmac-sha256",
  "hmac-sha384",
  "hmac-sha512",
];

describe.each(cases)("HMAC: RFC 4231 test case $title", (entry) => {
  test.each(algorithms)("%s", (algorithm) => {
    expect(signHmac(entry.data, entry.key, algorithm, "hex")).toBe(entry[algorithm]);
  });
});

describe("HMAC: RFC 2202 and the encodings", () => {
  test("hmac-md5, test case 2", () => {
    expect(signHmac("what do ya want for nothing?", "Jefe", "hmac-md5", "hex")).toBe(
      "750c783e6ab0b503eaa86e310a5db738",
    );
  });
  test("hmac-sha1, test case 2", () => {
    expect(signHmac("what do ya want for nothing?", "Jefe", "hmac-sha1", "hex")).toBe(
      "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
    );
  });
  test("base64 and base64url carry the same bytes as hex", () => {
    const bytes = Buffer.from(signHmac("a", "b", "hmac-sha256", "hex"), "hex");
    expect(signHmac("a", "b", "hmac-sha256", "base64")).toBe(bytes.toString("base64"));
    expect(signHmac("a", "b", "hmac-sha256", "base64url")).toBe(bytes.toString("base64url"));
  });
  test("an empty key is refused", () => {
    expect(() => signHmac("a", "", "hmac-sha256", "hex")).toThrow(expect.objectContaining({ code: "SIGNING_FAILED" }));
  });
});
