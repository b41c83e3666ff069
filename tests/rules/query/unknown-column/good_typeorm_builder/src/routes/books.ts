import { Router } from 'express';
import { library } from '../data-source.js';
import { Book } from '../entities/book.js';
import { Reader } from '../entities/reader.js';

export const books = Router();

books.get('/', async (req, res) => {
  const query = library
    .getRepository(Book)
    .createQueryBuilder('book')
    .leftJoinAndSelect('book.holder', 'reader')
    .where('book.title ILIKE :title AND book.call_number <> :none', { title: `%${req.query.title}%`, none: 'x.y' })
    .andWhere('book.holderId IS NOT NULL')
    .andWhere("reader.address.city = :city OR book.details ->> 'pages.count' = '4'", { city: req.query.city })
    .andWhere('EXISTS (SELECT 1 FROM fines book WHERE book.amount > 0)')
    .andWhere('reader.addressStreet IS NOT NULL');
  narrow(query, req.query);
  res.json(await query.orderBy('Book.acquired', 'DESC').getMany());
});

function narrow(query: ReturnType<typeof builder>, filter: Record<string, unknown>) {
  if (filter.loan) {
    query.innerJoin('reader.loans', 'loan').andWhere('loan.id = :loan', { loan: filter.loan });
  }
}

function builder() {
  return library.manager.createQueryBuilder(Reader, 'r').where('r.name = :name AND loan.id > 0');
}

books.get('/counts', async (req, res) => {
  const rows = await library.manager
    .createQueryBuilder(Reader, 'r')
    .select('r.name', 'name')
    .addSelect('COUNT(loan.id)', 'loans')
    .leftJoin('r.loans', 'loan')
    .groupBy('r.id')
    .orderBy('loans', 'DESC')
    .getRawMany();
  res.json(rows);
});
