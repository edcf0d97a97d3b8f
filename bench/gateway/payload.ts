/** The upstream's answer: one kilobyte of JSON, the same for every request. */
export const UPSTREAM_ANSWER: string = buildAnswer();

function buildAnswer(): string {
  const order = {
    order: {
      id: 4711,
      status: "accepted",
      total: { amount: 5990, currency: "EUR" },
      lines: [1, 2, 3, 4].map((n) => ({
        isbn: `978316148410${n}`,
        title: `Volume ${n}: a title of some length`,
        quantity: n,
        price: 599 * n,
      })),
      buyer: { email: "reader@example.org", name: "A. Reader" },
      note: "",
    },
    links: { self: "/orders/4711", invoice: "/orders/4711/invoice" },
  };
  const short = JSON.stringify(order).length;
  return JSON.stringify({ ...order, order: { ...order.order, note: "n".repeat(Math.max(0, 1024 - short)) } });
}

/** What a caller sends to the declarative action. */
export const ORDER_INPUT = { isbn: "9783161484100", quantity: 2, note: "leave at the door, please" };

/** The credential that the gateway adds; the caller never sees it. */
export const UPSTREAM_TOKEN = "bench-token-3f9c1e77a1d24b6c8e55";

/** The second header that is added. */
export const UPSTREAM_CLIENT = "junctor-bench/1";
