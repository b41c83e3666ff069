import { PrismaClient } from '@prisma/client';
import { retitle, shelve } from './books';

export class Loans {
  constructor(private prisma: PrismaClient) {}

  async lend(memberId: number, bookId: number) {
    return this.prisma.$transaction(async (tx) => {
      const loan = await tx.loan.create({ data: { memberId, bookId, dueAt: new Date() } });
      await this.prisma.member.update({ where: { id: memberId }, data: { role: 'MEMBER' } }); // expect: orm/transaction-not-forwarded
      await shelve(bookId, 'lent'); // expect: orm/transaction-not-forwarded
      await retitle(bookId, 'on loan'); // expect: orm/transaction-not-forwarded
      return loan;
    });
  }
}
