import { prisma } from './db';

export async function loansOf(isbn: string) {
  const book = prisma.book.findUnique({ where: { isbn } });
  const loans = await book.loans({ take: 20 });
  return { book: await book, loans };
}

export function authorsOf(isbn: string) {
  return prisma.book.findUnique({ where: { isbn } }).authors();
}

export async function borrowers(isbn: string) {
  const book = prisma.book.findUnique({ where: { isbn } });
  const authors = await book.authors();
  return Promise.all([book, authors]);
}
