import { Router } from 'express';
import { LoanService } from '../services/loan-service.js';

const service = new LoanService();
export const books = Router();

books.post('/:id/loan', async (req, res) => {
  await service.lend(Number(req.params.id), req.body.reader);
  res.sendStatus(204);
});

books.post('/:id/return', async (req, res) => {
  await service.takeBack(Number(req.params.id));
  res.sendStatus(204);
});
