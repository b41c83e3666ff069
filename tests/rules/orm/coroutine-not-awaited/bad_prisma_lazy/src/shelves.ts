import { prisma } from './db';

export const forget = (isbn: string) => prisma.book.delete({ where: { isbn } });

export async function put(id: number, shelf: string) {
  prisma.book.update({ where: { id }, data: { shelf } }); // expect: orm/coroutine-not-awaited
}

export async function clear(ids: number[]) {
  ids.forEach((id) => prisma.book.update({ where: { id }, data: { shelf: null } })); // expect: orm/coroutine-not-awaited
}

export async function exists(isbn: string) {
  if (prisma.book.findUnique({ where: { isbn } })) { // expect: orm/coroutine-not-awaited
    return true;
  }
  return false;
}
