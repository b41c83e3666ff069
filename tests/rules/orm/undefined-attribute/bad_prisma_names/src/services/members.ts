import type { PrismaClient } from '@prisma/client';

export class MemberService {
  constructor(private readonly client: PrismaClient) {}

  async byName(name: string) {
    return this.client.member.findMany({
      where: { name: { contains: name } }, // expect: orm/undefined-attribute
      orderBy: [{ joinedAt: 'desc' }, { surname: 'asc' }], // expect: orm/undefined-attribute
    });
  }

  async withLoans(id: number) {
    return this.client.member.findUnique({
      where: { id },
      select: {
        fullName: true,
        loans: {
          where: { book: { titel: 'Dune' } }, // expect: orm/undefined-attribute
          select: { dueDate: true }, // expect: orm/undefined-attribute
        },
      },
    });
  }

  async register(email: string, name: string) {
    const data = { email, fullName: name, isAdmin: false }; // expect: orm/undefined-attribute
    return this.client.member.create({ data });
  }

  async borrow(memberId: number, isbn: string) {
    return this.client.member.update({
      where: { id: memberId },
      data: {
        loans: {
          create: {
            due: new Date(), // expect: orm/undefined-attribute
            book: { connect: { isbn } },
          },
        },
      },
    });
  }
}
