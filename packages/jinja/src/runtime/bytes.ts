/** Is a Python bytes value. */
export class Bytes {
  readonly data: Uint8Array;
  constructor(data: Uint8Array) {
    this.data = data;
  }
}

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
