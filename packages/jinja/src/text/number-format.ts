import { exponentText, fixedText, floatText, generalText } from "./float-text.ts";

/** Writes the magnitude of a double with one of the types e, E, f, F, g, G. */
export function formatMagnitude(value: number, type: string, precision: number, alternate: boolean): string {
  const upper = type === "E" || type === "F" || type === "G";
  if (!Number.isFinite(value)) {
    const text = Number.isNaN(value) ? "nan" : "inf";
    return upper ? text.toUpperCase() : text;
  }
  const text = formatFinite(Math.abs(value), type.toLowerCase(), precision, alternate);
  return upper ? text.toUpperCase() : text;
}

function formatFinite(value: number, type: string, precision: number, alternate: boolean): string {
  switch (type) {
    case "e": {
      const text = exponentText(value, precision);
      return alternate && precision === 0 ? text.replace("e", ".e") : text;
    }
    case "f":
      return alternate && precision === 0 ? `${fixedText(value, 0)}.` : fixedText(value, precision);
    default:
      return generalText(value, precision, alternate);
  }
}

/** Writes the magnitude of a double in the form of a format spec without a type. */
export function formatUntyped(value: number, precision: number | null, alternate: boolean): string {
  const magnitude = Math.abs(value);
  if (!Number.isFinite(value) || precision === null) return floatText(magnitude);
  if (magnitude !== 0) {
    const exponent = Number(exponentText(magnitude, Math.max(0, precision - 1)).split("e")[1]);
    if (exponent >= precision - 1 && exponent >= 0 && exponent >= Math.max(1, precision) - 1) {
      return exponentTrimmed(magnitude, precision, alternate);
    }
  }
  const text = generalText(magnitude, precision, alternate);
  return text.includes(".") || text.includes("e") ? text : `${text}.0`;
}

function exponentTrimmed(value: number, precision: number, alternate: boolean): string {
  const text = exponentText(value, Math.max(0, precision - 1));
  if (alternate) return text;
  const [mantissa, exponent] = text.split("e") as [string, string];
  return `${mantissa.includes(".") ? mantissa.replace(/\.?0+$/, "") : mantissa}e${exponent}`;
}

/** Puts separators between groups of digits; with `width`, zeros are added until the text is that long. */
export function groupDigits(digits: string, separator: string, size: number, width: number): string {
  if (separator === "") return digits.padStart(width, "0");
  let text = "";
  let rest = digits;
  let missing = width;
  for (;;) {
    const length = Math.min(size, Math.max(rest.length, missing, 1));
    const group = rest.slice(-length).padStart(length, "0");
    rest = rest.slice(0, Math.max(0, rest.length - length));
    text = text === "" ? group : group + separator + text;
    missing = width - text.length - separator.length;
    if (rest === "" && missing <= 0) return text;
  }
}
