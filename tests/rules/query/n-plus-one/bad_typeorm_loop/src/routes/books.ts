import { Router } from 'express';
import { library } from '../data-source.js';
import { Book } from '../entities/book.js';
import { Reader } from '../entities/reader.js';

export const books = Router();

books.get('/readers', async (req, res) => {
  const [readers, total] = await library.getRepository(Reader).findAndCount({ take: 50 });
  const rows = [];
  for (const reader of readers) {
    const loans = await library.getRepository(Book).countBy({ holder: { id: reader.id } }); // expect: query/n-plus-one
    rows.push({ reader, loans });
  }
  res.json({ rows, total });
});
