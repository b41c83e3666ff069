import { prisma } from './db';

const LOANS = { loans: { include: { borrower: true } } }; // expect: orm/association-mismatch

export async function byAuthor(name) {
  return prisma.book.findMany({
    where: { authors: { name } }, // expect: orm/association-mismatch
    include: LOANS,
  });
}

export async function one(isbn) {
  return prisma.book.findUnique({
    where: { isbn },
    select: { title: true },
    include: { authors: true }, // expect: orm/association-mismatch
  });
}

export async function add(title, isbn, names) {
  return prisma.book.create({
    data: { title, isbn, authors: names.length ? ['x'] : [] },
  });
}

export async function addWith(title, isbn) {
  return prisma.book.create({
    data: { title, isbn, authors: [{ name: 'Anonymous' }] }, // expect: orm/association-mismatch
  });
}
