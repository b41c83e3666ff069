import express from 'express';
import { prisma } from './db';
import { forget, put } from './shelves';

export const app = express();

app.delete('/books/:isbn', async (req, res) => {
  forget(req.params.isbn); // expect: orm/coroutine-not-awaited
  res.status(204).end();
});

app.put('/books/:id/shelf', async (req, res) => {
  await put(Number(req.params.id), req.body.shelf);
  const book = prisma.book.findUnique({ where: { id: Number(req.params.id) } }); // expect: orm/coroutine-not-awaited
  res.json({ title: book.title });
});
