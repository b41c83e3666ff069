import { Router } from 'express';
import { library } from '../data-source.js';
import { Book } from '../entities/book.js';

export const books = Router();

books.get('/', async (req, res) => {
  const query = library
    .getRepository(Book)
    .createQueryBuilder('book')
    .where('book.title = :title', { name: req.query.title }); // expect: query/parameter-count
  if (req.query.ids) {
    query.andWhere('book.id IN (:...ids)'); // expect: query/parameter-count
  }
  res.json(await query.getMany());
});
