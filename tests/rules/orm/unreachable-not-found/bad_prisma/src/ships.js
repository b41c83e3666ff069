const { PrismaClient } = require('@prisma/client');

const prisma = new PrismaClient();

async function byName(name) {
  return prisma.ship.findUniqueOrThrow({ where: { name } }); // expect: orm/unreachable-not-found
}

module.exports = { byName };
