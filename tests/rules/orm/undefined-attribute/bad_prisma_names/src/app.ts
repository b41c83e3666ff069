import express from 'express';
import { prisma } from './db';
import { loans } from './routes/loans';
import { MemberService } from './services/members';

export const app = express();
const members = new MemberService(prisma);

app.use(express.json());
app.use(loans);
app.get('/members/:id', async (req, res) => {
  res.json(await members.withLoans(Number(req.params.id)));
});
app.post('/members', async (req, res) => {
  res.status(201).json(await members.register(req.body.email, req.body.name));
});
