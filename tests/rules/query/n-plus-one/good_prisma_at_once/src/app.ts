import express from 'express';
import { prisma } from './db';

export const app = express();

app.get('/members', async (_req, res) => {
  const members = await prisma.member.findMany({ include: { _count: { select: { loans: true } } } });
  res.json(members.map((member) => ({ ...member, loans: member._count.loans })));
});

// the client makes one statement of the look-ups that are made at once
app.get('/members/:id/books', async (req, res) => {
  const loans = await prisma.loan.findMany({ where: { memberId: Number(req.params.id) } });
  const books = await Promise.all(
    loans.map((loan) => prisma.book.findUnique({ where: { id: loan.bookId } })),
  );
  res.json(books);
});

app.get('/newest', async (_req, res) => {
  const members = await prisma.member.findMany({ orderBy: { joinedAt: 'desc' }, take: 3 });
  for (const member of members) {
    Object.assign(member, { loans: await prisma.loan.count({ where: { memberId: member.id } }) });
  }
  res.json(members);
});

app.post('/overdue', async (_req, res) => {
  const loans = await prisma.loan.findMany({ where: { dueAt: { lt: new Date() } } });
  for (const loan of loans) {
    const book = await prisma.book.findFirst({ where: { id: loan.bookId, shelf: null } });
    await prisma.book.update({ where: { id: loan.bookId }, data: { shelf: book ? 'lost' : 'open' } });
  }
  res.status(204).end();
});
