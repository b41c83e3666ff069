import { Router } from 'express';
import { library } from '../data-source.js';
import { Book } from '../entities/book.js';

const SORTS = ['title', 'acquired'];
export const books = Router();

books.get('/', async (req, res) => {
  const wanted = String(req.query.sort);
  const sort = SORTS.includes(wanted) ? wanted : 'title';
  const alias = 'book';
  const query = library.getRepository(Book).createQueryBuilder(alias);
  if (req.query.title) {
    query.where(`${alias}.title = :title`, { title: req.query.title });
  }
  res.json(await query.orderBy(`${alias}.${sort}`, 'ASC').getMany());
});
