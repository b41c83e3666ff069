import { Router } from 'express';
import { In } from 'typeorm';
import { library } from '../data-source.js';
import { Book } from '../entities/book.js';
import { Reader } from '../entities/reader.js';

export const books = Router();

books.get('/readers', async (req, res) => {
  const readers = await library.getRepository(Reader).find({ relations: { loans: true }, take: 50 });
  const wanted = await library.getRepository(Book).findBy({ wanted: { id: In(readers.map((reader) => reader.id)) } });
  res.json(readers.map((reader) => ({ reader, loans: reader.loans.length, wanted: wanted.length })));
});

books.get('/latest', async (req, res) => {
  const latest = await library.getRepository(Reader).find({ take: 3 });
  const loans = [];
  for (const reader of latest) {
    loans.push(await library.getRepository(Book).countBy({ holder: { id: reader.id } }));
  }
  res.json(loans);
});
