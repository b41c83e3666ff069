import { Router } from 'express';
import { prisma } from '../db';
import { audited } from '../audit';

export const loans = Router();

loans.get('/loans/:memberId/:bookId', async (req, res) => {
  const memberId = Number(req.params.memberId);
  const bookId = Number(req.params.bookId);
  const found = await prisma.loan.findUnique({
    where: { memberId_bookId: { memberId, bookId } },
  });
  res.json(found);
});

loans.get('/members', async (_req, res) => {
  res.json(await audited.member.findMany({ select: { id: true, label: true } }));
});
