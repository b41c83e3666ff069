import { prisma } from './db';
import { current, staff } from './members';

export async function mine(email) {
  const member = await current(email);
  return prisma.loan.findMany({
    where: { memberId: member }, // expect: orm/instance-in-filter
  });
}

export async function ofStaff() {
  const members = await staff();
  return prisma.loan.count({
    where: {
      memberId: { in: members }, // expect: orm/instance-in-filter
    },
  });
}

export async function lend(email, bookId) {
  const member = await current(email);
  return prisma.loan.create({
    data: { bookId, dueAt: new Date(), memberId: member }, // expect: orm/instance-in-filter
  });
}
