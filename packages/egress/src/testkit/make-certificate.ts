import { generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";

/** A certificate and its key, as PEM texts. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
  readonly name: string;
  readonly privateKey: KeyObject;
}

/** Describes a certificate for a test. */
export interface CertificateOptions {
  readonly name: string;
  /** Signs itself if there is none. */
  readonly issuer?: Certificate;
  readonly hosts?: readonly string[];
  readonly authority?: boolean;
  readonly notAfter?: Date;
}

/**
 * Makes an X.509 certificate (RFC 5280, P-256, ECDSA with SHA-256) with nothing but Node, because the tests run on machines
 * without OpenSSL's command.
 */
export function makeCertificate(options: CertificateOptions): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const tbs = sequence(
    tagged(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ECDSA_WITH_SHA256,
    distinguishedName(options.issuer?.name ?? options.name),
    sequence(
      utcTime(new Date(Date.now() - 86_400_000)),
      utcTime(options.notAfter ?? new Date(Date.now() + 86_400_000)),
    ),
    distinguishedName(options.name),
    publicKey.export({ type: "spki", format: "der" }),
    tagged(0xa3, sequence(...extensions(options))),
  );
  const signature = sign("sha256", tbs, options.issuer?.privateKey ?? privateKey);
  const der = sequence(tbs, ECDSA_WITH_SHA256, tagged(0x03, Buffer.from([0]), signature));
  // A full last line is followed by one line break, not two: OpenSSL takes no empty line.
  const lines = der.toString("base64").replace(/.{64}(?=.)/g, "$&\n");
  const cert = `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
  const key = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  return { cert, key, name: options.name, privateKey };
}

function extensions({ authority = false, hosts = [] }: CertificateOptions): Buffer[] {
  const constraints = authority ? sequence(tagged(0x01, Buffer.from([0xff]))) : sequence();
  const list = [sequence(oid([0x55, 0x1d, 0x13]), tagged(0x01, Buffer.from([0xff])), tagged(0x04, constraints))];
  if (hosts.length > 0) {
    const names = hosts.map((host) => tagged(0x82, Buffer.from(host)));
    list.push(sequence(oid([0x55, 0x1d, 0x11]), tagged(0x04, sequence(...names))));
  }
  return list;
}

function tagged(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content]);
  const bytes = length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...bytes]), content]);
}

const sequence = (...parts: readonly Buffer[]): Buffer => tagged(0x30, ...parts);
const integer = (bytes: Buffer): Buffer => tagged(0x02, bytes);
const oid = (bytes: readonly number[]): Buffer => tagged(0x06, Buffer.from(bytes));
const ECDSA_WITH_SHA256 = sequence(oid([0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02]));

function distinguishedName(name: string): Buffer {
  return sequence(tagged(0x31, sequence(oid([0x55, 0x04, 0x03]), tagged(0x0c, Buffer.from(name)))));
}

function utcTime(date: Date): Buffer {
  const digits = date.toISOString().replace(/[-:T]/g, "").slice(2, 14);
  return tagged(0x17, Buffer.from(`${digits}Z`));
}
