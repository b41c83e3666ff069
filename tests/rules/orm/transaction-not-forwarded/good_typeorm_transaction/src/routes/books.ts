import { Router } from 'express';
import { library } from '../data-source.js';
import { Book } from '../entities/book.js';
import { Reader } from '../entities/reader.js';
import { LoanRepository } from '../repositories/loan-repository.js';

export const books = Router();
const catalogue = library.getRepository(Book);

books.post('/:id/loan', async (req, res) => {
  await library.transaction(async (manager) => {
    const readers = manager.getRepository(Reader);
    const loans = new LoanRepository(manager);
    const book = await catalogue.findOneByOrFail({ id: Number(req.params.id) });
    await readers.save({ name: req.body.name });
    await manager.withRepository(catalogue).save(book);
    await loans.lend(book);
  });
  await catalogue.save({ title: 'afterwards' });
  res.sendStatus(204);
});
