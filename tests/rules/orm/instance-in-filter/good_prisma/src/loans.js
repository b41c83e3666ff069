import { prisma } from './db';
import { current, staff } from './members';

export async function mine(email) {
  const { id: memberId } = await current(email);
  return prisma.loan.findMany({ where: { memberId } });
}

export async function ofStaff(only) {
  const members = await staff();
  const ids = members.map((member) => member.id);
  const some = only ?? (await current('desk@example.org')).id;
  return prisma.loan.count({ where: { memberId: { in: ids, not: some } } });
}

export async function lend(email, bookId) {
  const member = await current(email);
  return prisma.loan.create({ data: { bookId, dueAt: new Date(), memberId: member.id } });
}
