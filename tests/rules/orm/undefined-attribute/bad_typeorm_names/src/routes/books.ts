import { Router } from 'express';
import { BookService } from '../services/book-service.js';
import { library } from '../data-source.js';
import { Reader } from '../entities/reader.js';

const service = new BookService();
export const books = Router();

books.get('/', async (req, res) => {
  res.json(await service.list(String(req.query.title)));
});

books.get('/:id', async (req, res) => {
  res.json(await service.one(Number(req.params.id)));
});

books.delete('/readers/:name', async (req, res) => {
  await library.manager.delete(Reader, { fullName: req.params.name }); // expect: orm/undefined-attribute
  res.sendStatus(204);
});
