import { ConnectorError } from "../errors/connector-error.ts";

const DURATION = /^P(?=.)(?:(\d+)W)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;
const UNITS = [604_800_000, 86_400_000, 3_600_000, 60_000, 1_000] as const;

/** Reads an ISO 8601 duration in weeks, days, hours, minutes and seconds as milliseconds; undefined if it is none. */
export function parseDuration(text: string): number | undefined {
  const match = DURATION.exec(text);
  if (match === null) return undefined;
  return UNITS.reduce((sum, unit, index) => sum + Number(match[index + 1] ?? 0) * unit, 0);
}

/** Reads a duration of a definition; fails with DEFINITION_INVALID. */
export function compileDuration(text: string, pointer: string): number {
  const milliseconds = parseDuration(text);
  if (milliseconds !== undefined) return milliseconds;
  throw new ConnectorError("DEFINITION_INVALID", `"${text}" at ${pointer} is not a duration.`, {
    details: [{ pointer, message: `"${text}" is not an ISO 8601 duration.`, hint: 'Write "PT15S" or "PT5M".' }],
  });
}
