/** The context of generated cases, as JSON text, so that floats such as 2.0 stay floats. */
export const CONTEXT_JSON = `{
  "user": {"name": "Ada Lovelace", "email": "ada@example.com", "age": 36, "tags": ["x", "y"], "active": true, "score": 3.14159,
    "none": null, "nested": {"a": {"b": [1, 2, {"c": "deep"}]}}},
  "rows": [
    {"id": 1, "name": "Widget", "price": 9.99, "qty": 3, "category": "tools", "active": true, "tags": ["a", "b"]},
    {"id": 2, "name": "gadget", "price": 24.5, "qty": 0, "category": "Toys", "active": false, "tags": []},
    {"id": 3, "name": "Doohickey", "price": 5, "qty": 10, "category": "tools", "active": true, "tags": ["c"]},
    {"id": 4, "name": "apple", "price": 1.25, "qty": 100, "category": "food", "active": true, "tags": ["a"]},
    {"id": 5, "name": "Thing", "price": 7.0, "qty": 1, "category": "toys", "active": true, "tags": ["z", "a"]}],
  "nums": [3, 1, 2, 3, 10], "floats": [1.5, 2.0, 0.1, -0.0, 1e16, 1e-7], "words": ["banana", "Apple", "cherry", "apple"],
  "mixed": [1, "a", null, true, 2.5, [1], {"k": "v"}], "html": "<b>\\"Tom\\" & 'Jerry'</b>",
  "text": "  Hello World, this is a Test of the text filter.  ", "empty": "", "zero": 0, "no": false, "yes": true, "null": null,
  "elist": [], "edict": {}, "d": {"b": 2, "a": 1, "C": 3}, "uni": "naïve café ☃ 日本 😀", "ml": "line one\\nline two\\n\\nline four",
  "url": "a b&c=d/é?x", "numstr": "42", "fltstr": "3.7", "badnum": "12abc", "ctrl": "tab\\there\\u0000\\u001f\\u00ad\\u200b",
  "quotes": "it's \\"quoted\\" \\\\ back", "long": "The quick-brown fox jumps over the lazy dog; visit https://example.com/a?b=c, or mail me@example.org (www.test.com).",
  "tree": [{"name": "root", "children": [{"name": "c1", "children": [{"name": "c1a", "children": []}]}, {"name": "c2", "children": []}]}],
  "neg": -7, "big": 12345678901234, "huge": 123456789012345678901234567890, "half": 2.5, "intkeys": {"10": "x", "9": "y", "a": {"items": 1}},
  "matrix": [[1, 2], [3, 4], [5, 6]], "tags": "<p>Hi &amp; <i>you</i>  <!-- gone --> &eacute;&nbsp;x</p>", "lists": [[], [1], [1, 2]],
  "pairs": [["a", 1], ["b", 2]], "bools": [true, false, true], "dates": ["2024-01-31", "2023-12-01"]
}`;

/** Names of the context, by the kind of their value. */
export const NAMES: Readonly<Record<string, readonly string[]>> = {
  text: [
    "user.name",
    "html",
    "text",
    "empty",
    "uni",
    "ml",
    "url",
    "numstr",
    "fltstr",
    "badnum",
    "ctrl",
    "quotes",
    "long",
    "tags",
    "words[0]",
    "rows[1].category",
  ],
  int: ["user.age", "zero", "neg", "big", "huge", "nums[0]", "rows[2].qty"],
  float: ["user.score", "half", "floats[1]", "floats[3]", "floats[4]", "rows[0].price", "floats[5]"],
  list: [
    "nums",
    "words",
    "rows",
    "floats",
    "mixed",
    "elist",
    "matrix",
    "lists",
    "pairs",
    "bools",
    "tree",
    "user.tags",
    "dates",
  ],
  dict: ["user", "d", "edict", "rows[0]", "intkeys", "user.nested", "tree[0]"],
  other: ["none", "null", "yes", "no", "true", "false", "nope", "user.nope", "nope2", "user.none"],
};

/** The context as JSON values; the oracle gets the text. */
export const CONTEXT: unknown = CONTEXT_JSON;
