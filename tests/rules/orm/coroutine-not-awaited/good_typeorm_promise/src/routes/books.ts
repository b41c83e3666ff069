import { Router } from 'express';
import { library } from '../data-source.js';
import { Book } from '../entities/book.js';

const repository = library.getRepository(Book);
export const books = Router();

books.get('/:id', async (req, res) => {
  const found = repository.findOneBy({ id: Number(req.params.id) });
  const total = repository.count();
  const [book, count] = await Promise.all([found, total]);
  const fresh = repository.create({ title: 'Untitled' });
  const query = repository.createQueryBuilder('book');
  if (fresh.title && query.alias) query.where('book.title = :title', { title: fresh.title });
  res.json({ book, count, same: await query.getMany() });
});
