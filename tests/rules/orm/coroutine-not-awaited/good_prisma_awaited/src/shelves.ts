import { prisma } from './db';

export const forget = (isbn: string) => prisma.book.delete({ where: { isbn } });

export function seen(isbn: string) {
  prisma.book
    .update({ where: { isbn }, data: { shelf: 'desk' } })
    .catch((error) => console.error(error));
}

export async function touch(id: number) {
  return prisma.book.update({ where: { id }, data: { shelf: 'desk' } });
}

export async function clear(ids: number[]) {
  const work = ids.map((id) => prisma.book.update({ where: { id }, data: { shelf: null } }));
  await prisma.$transaction(work);
  const later = prisma.book.count();
  const [books, members] = await Promise.all([later, prisma.member.count()]);
  return books + members;
}
