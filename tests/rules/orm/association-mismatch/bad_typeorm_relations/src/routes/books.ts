import { Router } from 'express';
import { library } from '../data-source.js';
import { Book } from '../entities/book.js';
import { Reader } from '../entities/reader.js';

export const books = Router();

books.get('/', async (req, res) => {
  res.json(await library.getRepository(Book).find({ relations: ['holder', 'reader'] })); // expect: orm/association-mismatch
});

books.get('/readers', async (req, res) => {
  const found = await library.manager.find(Reader, {
    relations: {
      loans: { title: true }, // expect: orm/association-mismatch
    },
  });
  res.json(found);
});

books.get('/wanted', async (req, res) => {
  const found = await library
    .getRepository(Book)
    .createQueryBuilder('book')
    .innerJoinAndSelect('book.wishes', 'reader') // expect: orm/association-mismatch
    .leftJoin('reader.name', 'name') // the alias stands for nothing that is known
    .getMany();
  res.json(found);
});
