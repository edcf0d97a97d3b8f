/** One book of the shop. */
export interface Book {
  readonly isbn: string;
  readonly title: string;
  readonly author: string;
  readonly year: number;
  /** In cents. */
  readonly price: number;
  readonly stock: number;
}

const book = (isbn: string, title: string, author: string, year: number, price: number, stock: number): Book => ({
  isbn,
  title,
  author,
  year,
  price,
  stock,
});

/** What the shop has when it opens. `9780140449136` is out of stock. */
export const firstStock: readonly Book[] = [
  book("9780141439518", "Pride and Prejudice", "Jane Austen", 1813, 899, 12),
  book("9780141439471", "Frankenstein", "Mary Shelley", 1818, 799, 7),
  book("9780142437247", "Moby-Dick", "Herman Melville", 1851, 1299, 3),
  book("9780140449136", "Crime and Punishment", "Fyodor Dostoevsky", 1866, 1199, 0),
  book("9780141439563", "Great Expectations", "Charles Dickens", 1861, 999, 9),
  book("9780141441146", "Jane Eyre", "Charlotte Brontë", 1847, 899, 5),
  book("9780141439556", "Wuthering Heights", "Emily Brontë", 1847, 899, 4),
  book("9780141439600", "A Tale of Two Cities", "Charles Dickens", 1859, 949, 8),
  book("9780140449266", "The Count of Monte Cristo", "Alexandre Dumas", 1844, 1499, 2),
  book("9780140449198", "The Odyssey", "Homer", -700, 1099, 6),
  book("9780141182704", "Ulysses", "James Joyce", 1922, 1399, 1),
  book("9780141442464", "Middlemarch", "George Eliot", 1871, 1149, 5),
];
