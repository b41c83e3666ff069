import { prisma } from './db';

export function loansOf(memberId: number) {
  return prisma.loan.count({ where: { memberId } });
}

export async function title(bookId: number) {
  const book = await prisma.book.findUnique({ where: { id: bookId } });
  return book?.title;
}
