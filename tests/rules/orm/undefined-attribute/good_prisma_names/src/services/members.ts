import { Prisma, type PrismaClient } from '@prisma/client';

const SUMMARY = { id: true, fullName: true, _count: { select: { loans: true } } } as const;

export class MemberService {
  constructor(private readonly client: PrismaClient) {}

  async byName(name: string, staffOnly: boolean, sort?: string) {
    const where: Prisma.MemberWhereInput = {
      OR: [{ fullName: { contains: name, mode: 'insensitive' } }, { email: name }],
      NOT: { loans: { some: { book: { authors: { none: { name } } } } } },
      ...(staffOnly ? { role: 'STAFF' } : {}),
    };
    where.joinedAt = { lte: new Date() };
    return this.client.member.findMany({
      where,
      orderBy: sort ? { [sort]: 'asc' } : [{ joinedAt: 'desc' }, { loans: { _count: 'desc' } }],
      select: SUMMARY,
    });
  }

  async register(email: string, name: string, input: Record<string, unknown>) {
    const values = { email, fullName: name, confirmation: input.confirmation };
    delete values.confirmation;
    return this.client.member.create({ data: { ...values, fax: undefined } });
  }

  async move(memberId: number, bookId: number, to: number) {
    await this.client.loan.update({
      where: { memberId_bookId: { memberId, bookId }, dueAt: { gt: new Date() } },
      data: { member: { connect: { id: to } }, dueAt: new Date() },
    });
    return this.client.loan.groupBy({
      by: ['memberId'],
      _count: { _all: true },
      having: { memberId: { _count: { gt: 2 } } },
      orderBy: { _count: { memberId: 'desc' } },
    });
  }

  async borrow(memberId: number, isbn: string) {
    return this.client.member.update({
      where: { id: memberId },
      data: {
        loans: {
          create: { dueAt: new Date(), book: { connect: { isbn } } },
          updateMany: { where: { bookId: 1 }, data: { dueAt: new Date() } },
          deleteMany: {},
        },
      },
      include: { loans: { include: { book: true }, orderBy: { book: { title: 'asc' } } } },
    });
  }
}
