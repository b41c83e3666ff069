import { prisma } from './db';

async function byIsbn(isbn: string) {
  return prisma.book.findUnique({ where: { isbn } });
}

export async function place(isbn: string) {
  const book = byIsbn(isbn); // expect: orm/coroutine-not-awaited
  if (!book) return null;
  console.log(book.shelf);
  return book;
}

export async function titled(isbn: string) {
  const book = prisma.book.findUnique({ where: { isbn } }); // expect: orm/coroutine-not-awaited
  return { book, title: book.title };
}
