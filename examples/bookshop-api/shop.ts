import { type Book, firstStock } from "./books.ts";

/** One order, as the API shows it. */
export interface Order {
  readonly id: number;
  readonly isbn: string;
  readonly quantity: number;
  readonly note: string | null;
  readonly buyer: string | null;
  readonly total: number;
  readonly state: "placed" | "cancelled";
  readonly createdAt: string;
}

/** What somebody orders. */
export interface OrderWish {
  readonly isbn: string;
  readonly quantity: number;
  readonly note: string | null;
  readonly buyer: string | null;
  /** Repeating an order under the same key yields the first order. */
  readonly idempotencyKey: string | undefined;
}

/** The shop's books and orders; they last as long as the process. */
export interface Shop {
  findBooks(query: string): readonly Book[];
  getBook(isbn: string): Book | undefined;
  /** Says `unknown` for a book the shop does not sell and `outOfStock` when there are too few. */
  placeOrder(wish: OrderWish): Order | "unknown" | "outOfStock";
  getOrder(id: number): Order | undefined;
  /** Orders after the given id, oldest first. */
  listOrders(after: number, limit: number): readonly Order[];
  /** Gives the books back; says whether there was such an order. */
  cancelOrder(id: number): boolean;
}

/** Opens a shop with its first stock. */
export function openShop(): Shop {
  const books = new Map(firstStock.map((book) => [book.isbn, book]));
  const orders = new Map<number, Order>();
  const idempotent = new Map<string, Order>();
  let lastId = 1000;

  const changeStock = (book: Book, by: number) => books.set(book.isbn, { ...book, stock: book.stock + by });

  return {
    findBooks(query) {
      const wanted = query.toLowerCase();
      return [...books.values()].filter(({ title, author }) => `${title} ${author}`.toLowerCase().includes(wanted));
    },
    getBook: (isbn) => books.get(isbn),
    placeOrder({ isbn, quantity, note, buyer, idempotencyKey }) {
      const earlier = idempotencyKey === undefined ? undefined : idempotent.get(idempotencyKey);
      if (earlier !== undefined) return earlier;
      const book = books.get(isbn);
      if (book === undefined) return "unknown";
      if (book.stock < quantity) return "outOfStock";
      changeStock(book, -quantity);
      lastId += 1;
      const order: Order = {
        id: lastId,
        isbn,
        quantity,
        note,
        buyer,
        total: quantity * book.price,
        state: "placed",
        createdAt: new Date().toISOString(),
      };
      orders.set(order.id, order);
      if (idempotencyKey !== undefined) idempotent.set(idempotencyKey, order);
      return order;
    },
    getOrder: (id) => orders.get(id),
    listOrders: (after, limit) => [...orders.values()].filter(({ id }) => id > after).slice(0, limit),
    cancelOrder(id) {
      const order = orders.get(id);
      if (order === undefined) return false;
      const book = books.get(order.isbn);
      if (order.state === "placed" && book !== undefined) changeStock(book, order.quantity);
      orders.set(id, { ...order, state: "cancelled" });
      return true;
    },
  };
}
