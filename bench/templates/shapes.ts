/** Is one template with its data, in the spelling that every engine reads. */
export interface Shape {
  readonly name: string;
  readonly template: string;
  /** The same in the dialect of nunjucks where it differs: its JSON filter is called `dump`. */
  readonly nunjucks: string;
  readonly context: Readonly<Record<string, unknown>>;
}

const HEADER = "Bearer {{ secrets.x }}";

const BODY = `{
  "fields": {
    "summary": {{ user.name | tojson }},
    "email": "{{ user.email | lower }}",
    "priority": "{{ 'High' if user.age > 30 else 'Low' }}",
    "labels": {{ user.tags | tojson }},
    {% if user.active %}"active": true,{% endif %}
    "company": "{{ user.company | upper }}",
    "note": "{{ note | default('none') }}",
    "total": {{ total + 1 }},
    "items": [
      {% for item in rows %}
      {"name": {{ item.name | tojson }}, "quantity": {{ item.qty }}, "price": {{ item.price }}}{% if not loop.last %},{% endif %}
      {% endfor %}
    ],
    "address": {"street": "{{ user.address.street }}", "city": "{{ user.address.city }}"},
    {# the reference is what support asks for #}
    "reference": "{{ user.id }}-{{ total }}"
  }
}`;

const LIST =
  "[{% for item in items %}{% if item.active %}{{ item | tojson }}{% if not loop.last %},{% endif %}{% endif %}{% endfor %}]";

const USER = {
  id: 4711,
  name: "Ada Lovelace",
  email: "Ada@Example.com",
  age: 36,
  tags: ["pioneer", "analyst", "countess"],
  active: true,
  company: "Analytical Engines",
  address: { street: "12 St James's Square", city: "London" },
};

const ROWS = [
  { name: "Widget", qty: 3, price: 9.99 },
  { name: "Gadget", qty: 1, price: 24.5 },
  { name: "Doohickey", qty: 10, price: 0.75 },
];

/** Names that a connector's context has beside the ones a template reads; engines that copy their context pay for them. */
const OTHER_NAMES: Readonly<Record<string, unknown>> = Object.fromEntries([
  ...["workspace", "call", "connection", "environment", "locale", "channel"].map((name) => [
    name,
    { id: `${name}-1`, name: `The ${name}` },
  ]),
  ...Array.from({ length: 30 }, (_, index) => [`parameter${index}`, index % 2 === 0 ? `value number ${index}` : index]),
]) as Record<string, unknown>;

function makeItems(): unknown[] {
  return Array.from({ length: 500 }, (_, index) => ({
    id: index,
    name: `Item number ${index}`,
    description: `The description of item ${index}, which goes on for a while so that the list has its size.`,
    price: index * 1.25 + 0.1,
    quantity: index % 17,
    active: index % 3 !== 0,
    tags: ["alpha", "beta", `t${index % 7}`],
  }));
}

/**
 * The three shapes that connectors use most: a header, a request body, a list that is filtered and written as JSON. The context of
 * the first two has 40 names and about 1.8 KB.
 */
export const SHAPES: readonly Shape[] = [
  {
    name: "header",
    template: HEADER,
    nunjucks: HEADER,
    context: { secrets: { x: "tok_0123456789abcdef" }, user: USER, rows: ROWS, ...OTHER_NAMES },
  },
  {
    name: "20-line body",
    template: BODY,
    nunjucks: BODY.replaceAll("| tojson", "| dump | safe"),
    context: { user: USER, rows: ROWS, total: 3, ...OTHER_NAMES },
  },
  {
    name: "100 KB list to JSON",
    template: LIST,
    nunjucks: LIST.replaceAll("| tojson", "| dump | safe"),
    context: { items: makeItems() },
  },
];

/** The template whose compilation is measured. */
export const COMPILED = BODY;
