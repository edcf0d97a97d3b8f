import { randomBytes } from "node:crypto";
import type { Clock } from "../ports/sources.ts";

/** The process's own clock. */
export const processClock: Clock = Object.freeze({
  now: () => Date.now(),
  random: () => Math.random(),
  sleep,
  newId: () => createId(Date.now()),
});

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted === true) return Promise.reject(signal.reason);
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", abort);
      resolve();
    }, ms);
    signal?.addEventListener("abort", abort, { once: true });
  });
}

const POOL_BYTES = 4096;
const DIGITS = 20;
let pool = "";
let used = 0;

/** Takes random hexadecimal digits from a pool: one call to the operating system serves hundreds of ids. */
function takeRandom(): string {
  if (used + DIGITS > pool.length) {
    pool = randomBytes(POOL_BYTES).toString("hex");
    used = 0;
  }
  used += DIGITS;
  return pool.slice(used - DIGITS, used);
}

let millisecond = Number.NaN;
let written = "";

/** Makes a UUID version 7 (RFC 9562, 5.7): 48 bits of time, then randomness, so that ids sort by when they were made. */
export function createId(now: number): string {
  const random = takeRandom();
  if (now !== millisecond) {
    millisecond = now;
    const time = now.toString(16).padStart(12, "0");
    written = `${time.slice(0, 8)}-${time.slice(8)}-7`;
  }
  const variant = "89ab"[random.charCodeAt(3) & 3];
  return `${written}${random.slice(0, 3)}-${variant}${random.slice(4, 7)}-${random.slice(7, 19)}`;
}
