import express from 'express';
import { Visits } from './visits.js';

const visits = new Visits();
const app = express();

app.post('/visits/:id/close', async (req, res) => {
  visits.seen(req.params.id);
  void visits.close(req.params.id);
  visits.close(req.params.id).catch(console.error);
  const closing = visits.close(req.params.id);
  visits.first(req.params.id);
  await closing;
  res.json({ closed: true });
});

app.get('/visits/:id', async (req, res) => {
  visits.close(req.params.id);
  res.json(await visits.first(req.params.id));
});

app.put('/visits/:id', async (req, res) => {
  visits.close(req.params.id);
  await visits.rename(req.params.id, req.body.name);
  res.json({ renamed: true });
});

app.listen(3000);
