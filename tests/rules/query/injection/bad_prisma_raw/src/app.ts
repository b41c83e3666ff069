import express from 'express';
import { Prisma } from '@prisma/client';
import { prisma } from './db';
import { database } from './client';

export const app = express();

app.get('/members', async (req, res) => {
  const sort = req.query.sort as string;
  const members = await prisma.$queryRawUnsafe(`SELECT * FROM members ORDER BY ${sort}`); // expect: query/injection
  res.json(members);
});

app.get('/books', async (req, res) => {
  const by = req.query.by as string;
  res.json(await prisma.$queryRaw`SELECT * FROM "Book" ORDER BY ${Prisma.raw(by)}`); // expect: query/injection
});

app.delete('/books', async (req, res) => {
  await database.$executeRawUnsafe("DELETE FROM \"Book\" WHERE title = '" + req.body.title + "'"); // expect: query/injection
  res.status(204).end();
});
