import express from 'express';
import { Pool } from 'pg';
import { pay } from './fines.js';
import { ShelfRepository } from './shelves.js';

const shelves = new ShelfRepository(new Pool());
const app = express();

app.get('/shelves/count', async (_req, res) => {
  res.json({ total: await shelves.count() });
});
app.delete('/shelves/:id/copies', async (req, res) => {
  res.json({ cleared: await shelves.clear(Number(req.params.id)) });
});
app.put('/shelves/:id', async (req, res) => {
  await shelves.rename(Number(req.params.id), String(req.query.name));
  await shelves.move(Number(req.params.id), String(req.query.room));
  res.sendStatus(204);
});
app.post('/fines/:id/payment', async (req, res) => {
  await pay(Number(req.params.id));
  res.sendStatus(204);
});
app.listen(3000);
