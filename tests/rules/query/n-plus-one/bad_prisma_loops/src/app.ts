import express from 'express';
import { prisma } from './db';
import { loansOf, title } from './loans';

export const app = express();

app.get('/members', async (_req, res) => {
  const members = await prisma.member.findMany({ orderBy: { joinedAt: 'desc' } });
  const answer = await Promise.all(
    members.map(async (member) => ({
      ...member,
      loans: await loansOf(member.id), // expect: query/n-plus-one
    })),
  );
  res.json(answer);
});

app.get('/members/:id/books', async (req, res) => {
  const loans = await prisma.loan.findMany({ where: { memberId: Number(req.params.id) } });
  const titles = [];
  for (const loan of loans) {
    titles.push(await title(loan.bookId)); // expect: query/n-plus-one
  }
  res.json(titles);
});

app.get('/books', async (_req, res) => {
  const books = await prisma.book.findMany();
  for (const book of books) {
    const authors = await prisma.author.findMany({ // expect: query/n-plus-one
      where: { books: { some: { id: book.id } } },
    });
    Object.assign(book, { authors });
  }
  res.json(books);
});
