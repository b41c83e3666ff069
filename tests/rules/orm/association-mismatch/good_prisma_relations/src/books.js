import { prisma } from './db';

const wanted = (full) => (full ? { include: { loans: { include: { member: true } } } } : { select: { title: true } });

export async function byAuthor(name, full) {
  return prisma.book.findMany({
    where: { authors: { some: { name } }, loans: { none: {} } },
    ...wanted(full),
  });
}

export async function add(title, isbn, names) {
  return prisma.book.create({
    data: {
      title,
      isbn,
      authors: { create: names.map((name) => ({ name })), connect: [{ id: 1 }] },
      loans: { createMany: { data: [{ memberId: 1, dueAt: new Date() }] } },
    },
    include: { authors: true, _count: true },
  });
}
