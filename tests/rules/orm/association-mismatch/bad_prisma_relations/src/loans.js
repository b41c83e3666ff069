import { prisma } from './db';

export async function open(memberId, bookId) {
  const member = await prisma.member.findUniqueOrThrow({ where: { id: memberId } });
  return prisma.loan.create({
    data: {
      dueAt: new Date(),
      member, // expect: orm/association-mismatch
      book: bookId, // expect: orm/association-mismatch
    },
  });
}

export async function ofMember(memberId) {
  return prisma.loan.findMany({
    where: { member: memberId }, // expect: orm/association-mismatch
    include: {
      books: true, // expect: orm/association-mismatch
      dueAt: true, // expect: orm/association-mismatch
    },
    orderBy: { book: 'asc' }, // expect: orm/association-mismatch
  });
}
