import { constants, createHmac, createPrivateKey, type KeyObject, type SignKeyObjectInput, sign } from "node:crypto";
import { type HostCallable, TemplateError } from "@junctor/jinja";
import { readArgument, readObject, readText } from "./arguments.ts";

/** Largest key in characters; a 16,384-bit RSA key in PEM is about 13,000. */
const LARGEST_KEY = 20_000;

/** Says how an algorithm of RFC 7518 (EdDSA: RFC 8037) signs. */
type Signer = (data: string, key: string) => Buffer;

function readKey(pem: string, algorithm: string, type: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    // The reason could quote the key, so it is not passed on.
    throw new TemplateError("ValueError", `jwt_encode: ${algorithm} needs a private key in PEM form`);
  }
  const found = key.asymmetricKeyType ?? "";
  if (found !== type && !(type === "ed25519" && found === "ed448")) {
    throw new TemplateError("ValueError", `jwt_encode: ${algorithm} needs a key of type ${type}, not ${found}`);
  }
  return key;
}

const withHmac =
  (hash: string): Signer =>
  (data, key) =>
    createHmac(hash, key).update(data).digest();

const withKey =
  (algorithm: string, hash: string | null, type: string, options: Omit<SignKeyObjectInput, "key"> = {}): Signer =>
  (data, key) =>
    sign(hash, Buffer.from(data), { key: readKey(key, algorithm, type), ...options });

const PSS = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };

const SIGNERS: ReadonlyMap<string, Signer> = new Map([
  ...["256", "384", "512"].flatMap((size): [string, Signer][] => [
    [`HS${size}`, withHmac(`sha${size}`)],
    [`RS${size}`, withKey(`RS${size}`, `sha${size}`, "rsa")],
    [`PS${size}`, withKey(`PS${size}`, `sha${size}`, "rsa", PSS)],
    [`ES${size}`, withKey(`ES${size}`, `sha${size}`, "ec", { dsaEncoding: "ieee-p1363" })],
  ]),
  ["EdDSA", withKey("EdDSA", null, "ed25519")],
]);

const encodePart = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

/** Makes a signed JSON Web Token (RFC 7519): `jwt_encode(payload, key, 'RS256', headers)`. */
const jwtEncode: HostCallable = {
  // A private-key signature takes about a millisecond.
  budget: { steps: 20_000, inputBytes: 64 << 10 },
  call: (args, named) => {
    const given = { args, named };
    const payload = readObject(readArgument(given, 0, "payload"), "payload");
    const key = readText(given, 1, "key");
    const algorithm = readText(given, 2, "algorithm", "HS256");
    const headers = readObject(readArgument(given, 3, "headers") ?? {}, "headers");
    const signer = SIGNERS.get(algorithm);
    if (signer === undefined) {
      throw new TemplateError(
        "ValueError",
        `jwt_encode: the algorithm must be one of ${Array.from(SIGNERS.keys()).join(", ")}`,
      );
    }
    if (key === "" || key.length > LARGEST_KEY)
      throw new TemplateError("ValueError", "jwt_encode: the key is empty or too long");
    const data = `${encodePart({ typ: "JWT", ...headers, alg: algorithm })}.${encodePart(payload)}`;
    return `${data}.${signWith(signer, data, key, algorithm)}`;
  },
};

function signWith(signer: Signer, data: string, key: string, algorithm: string): string {
  try {
    return signer(data, key).toString("base64url");
  } catch (error) {
    if (error instanceof TemplateError) throw error;
    throw new TemplateError("ValueError", `jwt_encode: the key does not suit ${algorithm}`);
  }
}

/** Functions that make tokens. */
export const JWT_FUNCTIONS: Readonly<Record<string, HostCallable>> = { jwt_encode: jwtEncode };
