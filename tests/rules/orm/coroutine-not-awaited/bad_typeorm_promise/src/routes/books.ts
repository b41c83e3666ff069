import { Router } from 'express';
import { library } from '../data-source.js';
import { Book } from '../entities/book.js';

const repository = library.getRepository(Book);
export const books = Router();

books.get('/:id', async (req, res) => {
  const book = repository.findOneBy({ id: Number(req.params.id) }); // expect: orm/coroutine-not-awaited
  if (!book) {
    res.sendStatus(404);
    return;
  }
  const others = repository.createQueryBuilder('book').getMany(); // expect: orm/coroutine-not-awaited
  res.json({ total: others.length });
});
