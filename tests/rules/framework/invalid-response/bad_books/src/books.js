const shelf = new Map();

export const find = (title) => shelf.get(title);
export const save = (book) => shelf.set(book.title, book);
export const toView = (book) => ({ book: { title: book.title } });
export const toAnswer = (c, book) => c.json({ book });
