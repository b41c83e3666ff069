import { Router } from 'express';
import { library } from '../data-source.js';
import { Book } from '../entities/book.js';

export const books = Router();

books.get('/', async (req, res) => {
  const values: Record<string, unknown> = { title: req.query.title };
  values.ids = req.query.ids;
  const inner = library
    .createQueryBuilder()
    .select('other.id')
    .from(Book, 'other')
    .where('other.title <> :title');
  const query = library
    .getRepository(Book)
    .createQueryBuilder('book')
    .where(`book.title = :title AND book.acquired > '10:30'::time AND book.id IN (${inner.getQuery()})`)
    .andWhere('book.id IN (:...ids)')
    .setParameters(values)
    .andWhere('book.callNumber = :call')
    .setParameter('call', req.query.call);
  res.json(await query.getMany());
});
