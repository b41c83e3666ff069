import express from 'express';
import { forget, seen, touch } from './shelves';

export const app = express();

app.delete('/books/:isbn', async (req, res) => {
  seen(req.params.isbn);
  touch(1);
  forget(req.params.isbn).then(() => res.status(204).end());
});
