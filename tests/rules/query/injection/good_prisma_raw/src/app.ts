import express from 'express';
import { Prisma } from '@prisma/client';
import { prisma } from './db';
import { database } from './client';

export const app = express();

app.get('/members', async (req, res) => {
  const name = String(req.query.name);
  const filter = req.query.name ? Prisma.sql`WHERE full_name = ${name}` : Prisma.empty;
  res.json(await prisma.$queryRaw`SELECT * FROM members ${filter}`);
});

app.get('/books', async (req, res) => {
  const by = req.query.by === 'shelf' ? 'shelf' : 'title';
  res.json(await prisma.$queryRaw`SELECT * FROM "Book" ORDER BY ${Prisma.raw(by)}`);
});

app.delete('/books', async (req, res) => {
  await database.$executeRawUnsafe('DELETE FROM "Book" WHERE title = $1', req.body.title);
  res.status(204).end();
});
