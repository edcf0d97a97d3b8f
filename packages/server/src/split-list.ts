/** Splits a setting's text at commas and white space; nothing is an empty list. */
export function splitList(value: string | undefined): readonly string[] {
  return (value ?? "").split(/[\s,]+/).filter((item) => item !== "");
}
