import { Prisma } from '@prisma/client';
import express from 'express';

import { prisma } from './prisma';

const app = express();

app.get('/items', async (req, res) => {
  const { title } = req.query;
  // ruleid: query-injection-prisma
  await prisma.$queryRawUnsafe(`SELECT id FROM items WHERE title = '${title}'`);
  // ruleid: query-injection-prisma
  await prisma.$queryRawUnsafe(`SELECT id FROM items WHERE owner = ${req.query.owner}`);
  const words = req.query.words;
  // ruleid: query-injection-prisma
  await prisma.$executeRawUnsafe("DELETE FROM items WHERE title = '" + words + "'");
  // ruleid: query-injection-prisma
  await prisma.$queryRaw(Prisma.raw(`SELECT id FROM items WHERE title LIKE '%${words}%'`));
  // ok: query-injection-prisma
  await prisma.$queryRaw`SELECT id FROM items WHERE title = ${title}`;
  // ok: query-injection-prisma
  await prisma.$queryRaw(Prisma.sql`SELECT id FROM items WHERE title LIKE '%${title}%'`);
  // ok: query-injection-prisma
  await prisma.$queryRawUnsafe('SELECT id FROM items WHERE title = $1', title);
  // ok: query-injection-prisma
  await prisma.$queryRawUnsafe(`SELECT id FROM items LIMIT ${Number(req.query.limit)}`);
  res.json({});
});

app.get('/checked', async (req, res) => {
  const { status } = req.query;
  if (!['open', 'closed'].includes(status)) {
    return res.sendStatus(400);
  }
  // ok: query-injection-prisma
  return res.json(await prisma.$queryRawUnsafe(`SELECT id FROM items WHERE status = '${status}'`));
});

async function byTitle(words) {
  // ruleid: query-injection-prisma-parameter
  return prisma.$queryRawUnsafe(`SELECT id FROM items WHERE title LIKE '%${words}%'`);
}

const byOwner = async (owner) => {
  // ruleid: query-injection-prisma-parameter
  const condition = Prisma.raw(`owner = '${owner}'`);
  // ok: query-injection-prisma-parameter
  return prisma.$queryRaw`SELECT id FROM items WHERE ${condition}`;
};

async function seen(db, table, limit) {
  // ok: query-injection-prisma-parameter
  const rows = await db.$queryRawUnsafe(`SELECT id FROM ${table} LIMIT ${limit}`);
  await Promise.all(
    rows.map(async (id) => {
      // ok: query-injection-prisma-parameter
      await db.$queryRawUnsafe(`UPDATE items SET seen = 1 WHERE id = '${id}'`);
    }),
  );
  // ok: query-injection-prisma-parameter
  return db.$queryRaw`SELECT id FROM items WHERE title = '${limit}'`;
}

export { byOwner, byTitle, seen };
