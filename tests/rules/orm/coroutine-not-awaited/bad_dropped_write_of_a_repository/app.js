import express from 'express';
import { Visits } from './visits.js';

const visits = new Visits();
const app = express();

app.post('/visits/:id/close', async (req, res) => {
  visits.close(req.params.id); // expect: orm/coroutine-not-awaited
  res.json({ closed: true });
});

app.delete('/visits/:id', async (req, res) => {
  visits.remove(req.params.id); // expect: orm/coroutine-not-awaited
  res.status(204).end();
});

app.listen(3000);
