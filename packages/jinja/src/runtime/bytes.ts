import type { Runtime } from "./runtime.ts";
import { MISSING } from "./values.ts";

/** Writes bytes as Python's `repr` does. */
export function bytesText(data: Uint8Array): string {
  let body = "";
  let hasSingle = false;
  let hasDouble = false;
  for (const byte of data) {
    if (byte === 39) hasSingle = true;
    if (byte === 34) hasDouble = true;
  }
  const quote = hasSingle && !hasDouble ? '"' : "'";
  for (const byte of data) body += byteText(byte, quote);
  return `b${quote}${body}${quote}`;
}

function byteText(byte: number, quote: string): string {
  if (byte === 92) return "\\\\";
  if (byte === 9) return "\\t";
  if (byte === 10) return "\\n";
  if (byte === 13) return "\\r";
  if (byte === 39 && quote === "'") return "\\'";
  if (byte < 32 || byte > 126) return `\\x${byte.toString(16).padStart(2, "0")}`;
  return String.fromCharCode(byte);
}

/** Reads one byte as an int; MISSING when the offset is -1. */
export function bytesItem(bytes: Uint8Array, offset: number): unknown {
  return offset === -1 ? MISSING : bytes[offset];
}

/** Bytes that are made into text at a time: as many arguments as any engine takes. */
const CHUNK = 8192;

/** Reads bytes as Latin-1: one character each. */
export function latinText(rt: Runtime, bytes: Uint8Array): string {
  rt.allocate(bytes.length);
  rt.spend(bytes.length >> 4);
  let text = "";
  for (let start = 0; start < bytes.length; start += CHUNK)
    text += String.fromCharCode(...bytes.subarray(start, start + CHUNK));
  return text;
}
