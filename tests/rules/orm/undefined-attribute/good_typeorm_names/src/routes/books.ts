import { Router } from 'express';
import { In, IsNull, MoreThan } from 'typeorm';
import { library } from '../data-source.js';
import { Book } from '../entities/book.js';
import { BookRepository } from '../repositories/book-repository.js';

const repository = library.getRepository(Book);
const own = new BookRepository(Book, library.createEntityManager());
export const books = Router();

books.get('/', async (req, res) => {
  const found = await repository.find({
    where: [{ title: String(req.query.title) }, { details: { pages: MoreThan(10) } as never, holder: IsNull() }],
    relations: { holder: { loans: true } },
    order: { acquired: 'DESC', holder: { address: { city: 'ASC' } } },
    select: { id: true, title: true, holder: { name: true } },
    take: 20,
  });
  res.json(found.concat(await own.onShelf('A')));
});

books.post('/', async (req, res) => {
  const book = repository.create({ ...req.body, title: req.body.title, shelf: 'A' });
  res.status(201).json(await repository.save(book));
});

books.patch('/', async (req, res) => {
  const changes: Record<string, unknown> = {};
  if (req.body.title) changes.title = req.body.title;
  await repository.update({ id: In(req.body.ids) }, changes);
  res.sendStatus(204);
});
