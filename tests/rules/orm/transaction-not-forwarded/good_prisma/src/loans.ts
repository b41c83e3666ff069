import { PrismaClient } from '@prisma/client';
import { Books, failed, retitle, shelve } from './books';
import { prisma } from './db';

export class Loans {
  constructor(private prisma: PrismaClient) {}

  async lend(memberId: number, bookId: number) {
    return this.prisma.$transaction(async (tx) => {
      const books = new Books(tx);
      try {
        await tx.loan.create({ data: { memberId, bookId, dueAt: new Date() } });
      } catch (error) {
        await failed(bookId);
        throw error;
      }
      await retitle(bookId, 'on loan', tx);
      await shelve(bookId, 'lent', tx);
      await books.lose(bookId);
      const count = await prisma.loan.count();
      return count;
    });
  }

  async end(memberId: number, bookId: number) {
    const where = { memberId_bookId: { memberId, bookId } };
    await this.prisma.$transaction([
      this.prisma.loan.delete({ where }),
      this.prisma.book.update({ where: { id: bookId }, data: { shelf: 'returns' } }),
    ]);
    await shelve(bookId, 'open');
  }
}
