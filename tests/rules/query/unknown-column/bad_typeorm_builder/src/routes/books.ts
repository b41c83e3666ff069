import { Router } from 'express';
import { Brackets } from 'typeorm';
import { library } from '../data-source.js';
import { Book } from '../entities/book.js';

export const books = Router();

books.get('/', async (req, res) => {
  const query = library
    .getRepository(Book)
    .createQueryBuilder('book')
    .leftJoinAndSelect('book.holder', 'reader')
    .where('book.name ILIKE :title', { title: `%${req.query.title}%` }); // expect: query/unknown-column
  if (req.query.reader) {
    query.andWhere('readers.name = :name', { name: req.query.reader }); // expect: query/unknown-column
  }
  query.andWhere(
    new Brackets((inner) => {
      inner.where('reader.city = :city', { city: req.query.city }); // expect: query/unknown-column
    }),
  );
  const found = await query.orderBy('book.createdAt', 'DESC').getMany(); // expect: query/unknown-column
  res.json(found);
});
