import { Router } from 'express';
import { library } from '../data-source.js';
import { Book } from '../entities/book.js';

export const books = Router();

books.get('/', async (req, res) => {
  const relations = ['holder', 'holder.loans'];
  if (req.query.wanted) relations.push('wanted');
  res.json(await library.getRepository(Book).find({ relations }));
});

books.get('/wanted', async (req, res) => {
  const query = library.getRepository(Book).createQueryBuilder('book').leftJoinAndSelect('book.wanted', 'reader');
  if (req.query.city) {
    query.andWhere('reader.address.city = :city', { city: req.query.city });
  }
  res.json(await query.getMany());
});
