import express from 'express';
import { bookView } from './views.js';

const app = express();

app.get('/books/:id', async (req, res) => {
  res.json(await bookView(Number(req.params.id), req.query.reader));
});

app.listen(3000);
