/**
 * Finds the offset at which a JSON text is nested more than `limit` levels deep; undefined when it never is. Holds for
 * malformed text too, whatever a forgiving parser makes of it: it may find such text too deep too early, never too late. So
 * whoever recurses over what it lets through cannot run out of stack.
 */
export const findTooDeep = (text: string, limit: number): number | undefined => {
  const open: number[] = [];
  let inText = false;
  // A slash outside of a text is no JSON. What looks like a comment may hide quotes, so from there on every bracket counts.
  let lost = false;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (inText) {
      if (unit === 0x5c) at += 1;
      // A text that is not closed ends with its line.
      else if (unit === 0x22 || unit === 0x0a || unit === 0x0d) inText = false;
    } else if (unit === 0x22) inText = !lost;
    else if (unit === 0x2f) lost = true;
    else if (unit === 0x7b || unit === 0x5b) {
      // The closing bracket lies two units behind its opening one.
      if (open.push(unit + 2) > limit) return at;
    } else if (unit === open.at(-1) && !lost) open.pop();
  }
  return undefined;
};
