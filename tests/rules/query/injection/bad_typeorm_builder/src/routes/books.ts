import { Router } from 'express';
import { library } from '../data-source.js';
import { Book } from '../entities/book.js';

export const books = Router();

books.get('/', async (req, res) => {
  const query = library.getRepository(Book).createQueryBuilder('book');
  if (req.query.title) {
    query.where(`book.title = '${req.query.title}'`); // expect: query/injection
  }
  res.json(await query.orderBy('book.' + req.query.sort, 'ASC').getMany()); // expect: query/injection
});
