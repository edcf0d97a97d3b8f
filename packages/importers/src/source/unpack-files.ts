import { unzipSync } from "fflate";
import type { ImportFile } from "../import-result.ts";
import { type ImportLimits, importError, limitError } from "./limits.ts";

/**
 * Unpacks zip archives among the files and bounds what comes out of them. A path that leaves the folder (`../`, a
 * drive, a root) is refused, because nobody who means well writes one.
 */
export function unpackFiles(files: readonly ImportFile[], limits: ImportLimits): readonly ImportFile[] {
  const unpacked: ImportFile[] = [];
  let bytes = 0;
  const add = (path: string, content: Uint8Array): void => {
    bytes += content.length;
    if (bytes > limits.bytes) throw limitError(path, `the files hold more than ${limits.bytes} bytes`);
    if (unpacked.length >= limits.files) throw limitError(path, `there are more than ${limits.files} files`);
    unpacked.push({ path: safePath(path), bytes: content });
  };
  for (const file of files) {
    if (isZip(file.bytes)) unzip(file, limits.bytes - bytes, limits.files, add);
    else add(file.path, file.bytes);
  }
  return unpacked;
}

const isZip = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 0x03 || bytes[2] === 0x05);

function unzip(file: ImportFile, room: number, maxFiles: number, add: (path: string, bytes: Uint8Array) => void): void {
  let declared = 0;
  let entries = 0;
  const content = unzipSync(file.bytes, {
    filter(entry) {
      if (entry.name.endsWith("/")) return false;
      safePath(entry.name);
      declared += entry.originalSize;
      entries++;
      if (declared > room) throw limitError(file.path, `it unpacks to more than ${room} bytes`);
      if (entries > maxFiles) throw limitError(file.path, `it holds more than ${maxFiles} files`);
      return true;
    },
  });
  for (const [path, bytes] of Object.entries(content)) add(path, bytes);
}

/** Normalises a relative path and refuses one that leaves its folder. */
export function safePath(path: string): string {
  const plain = path.replaceAll("\\", "/");
  const parts: string[] = [];
  if (plain.startsWith("/") || /^[A-Za-z]:/.test(plain) || plain.includes("\0")) throw outside(path);
  for (const part of plain.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") throw outside(path);
    parts.push(part);
  }
  return parts.join("/");
}

const outside = (path: string): Error =>
  importError(`The path ${JSON.stringify(path)} leaves the uploaded folder.`, "Pack the files with relative paths.");
