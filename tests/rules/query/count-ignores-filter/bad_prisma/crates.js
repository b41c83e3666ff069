const { PrismaClient } = require('@prisma/client');

const prisma = new PrismaClient();

async function page({ shelf, limit, offset }) {
  const where = shelf ? { shelf } : {};
  const [crates, total] = await Promise.all([
    prisma.crate.findMany({ where, take: limit, skip: offset, orderBy: { id: 'desc' } }),
    prisma.crate.count(), // expect: query/count-ignores-filter
  ]);
  return { crates, total };
}

module.exports = { page };
