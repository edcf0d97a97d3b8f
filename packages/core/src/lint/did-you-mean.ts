import { nearestName } from "../definition/nearest-name.ts";

/** Writes `Did you mean "x"? ` when a known name is near, else nothing; stands at the beginning of a hint. */
export const didYouMean = (name: string, known: Iterable<string>): string => {
  const near = nearestName(name, known);
  return near === undefined ? "" : `Did you mean ${JSON.stringify(near)}? `;
};
