import { Router } from 'express';
import { prisma } from '../db';

export const loans = Router();

loans.get('/loans/:memberId/:bookId', async (req, res) => {
  const memberId = Number(req.params.memberId);
  const bookId = Number(req.params.bookId);
  const found = await prisma.loan.findFirst({
    where: { memberId_bookId: { memberId, bookId } }, // expect: orm/undefined-attribute
  });
  res.json(found);
});

loans.get('/members', async (_req, res) => {
  res.json(await prisma.members.findMany()); // expect: orm/undefined-attribute
});
