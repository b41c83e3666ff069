const { PrismaClient } = require('@prisma/client');

const prisma = new PrismaClient();

async function page({ shelf, limit, offset }) {
  const where = shelf ? { shelf } : {};
  const [crates, total] = await Promise.all([
    prisma.crate.findMany({ where, take: limit, skip: offset }),
    prisma.crate.count({ where }),
  ]);
  return { crates, total };
}

async function overview({ shelf, limit, offset }) {
  const crates = await prisma.crate.findMany({ where: { shelf }, take: limit, skip: offset });
  const all = await prisma.crate.count();
  const shown = await prisma.crate.count({ where: { shelf } });
  const newest = await prisma.crate.findMany({ take: limit, skip: offset });
  return { crates, all, shown, newest };
}

module.exports = { overview, page };
