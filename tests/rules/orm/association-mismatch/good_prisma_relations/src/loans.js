import { prisma } from './db';

export async function open(memberId, bookId) {
  return prisma.loan.create({
    data: { dueAt: new Date(), member: { connect: { id: memberId } }, book: { connect: { id: bookId } } },
  });
}

export async function ofMember(memberId, only) {
  const book = only ? { isbn: only } : undefined;
  return prisma.loan.findMany({
    where: { memberId, book, member: { is: { id: memberId } } },
    include: { book: { select: { title: true, _count: { select: { loans: true } } } } },
    orderBy: { book: { title: 'asc' } },
  });
}
