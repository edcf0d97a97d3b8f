/**
 * Lists the names in a tar archive (POSIX ustar), or answers undefined when it is not one from its first to its last
 * header. Each header is 512 bytes: name at 0 (100 bytes), size in octal at 124 (12), checksum in octal at 148 (8),
 * prefix of the name at 345 (155); the contents follow, filled up to 512. Two empty blocks end the archive.
 */
export function listTarEntries(tar: Uint8Array): readonly string[] | undefined {
  const bytes = Buffer.from(tar.buffer, tar.byteOffset, tar.byteLength);
  const names: string[] = [];
  for (let at = 0; at + 512 <= bytes.length; ) {
    const header = bytes.subarray(at, at + 512);
    if (header.every((byte) => byte === 0)) return names;
    const size = readOctal(header.subarray(124, 136));
    if (size === undefined || readOctal(header.subarray(148, 156)) !== sumHeader(header)) return undefined;
    const prefix = readText(header.subarray(345, 500));
    const name = readText(header.subarray(0, 100));
    names.push((prefix === "" ? name : `${prefix}/${name}`).replace(/^\.?\/+/, ""));
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return undefined;
}

/** The checksum counts its own eight bytes as spaces. */
function sumHeader(header: Buffer): number {
  let sum = 8 * 0x20;
  for (let index = 0; index < 512; index += 1) if (index < 148 || index >= 156) sum += header[index] ?? 0;
  return sum;
}

function readOctal(field: Buffer): number | undefined {
  const text = readText(field).trim();
  return /^[0-7]+$/.test(text) ? Number.parseInt(text, 8) : undefined;
}

function readText(field: Buffer): string {
  const end = field.indexOf(0);
  return field.toString("latin1", 0, end === -1 ? field.length : end);
}
