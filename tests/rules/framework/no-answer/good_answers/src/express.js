import express from 'express';
import { ferries } from './ferries.js';

const app = express();
app.delete('/ferries/:id', async (req, res) => {
  await ferries.remove(req.params.id);
  res.sendStatus(204);
});
app.listen(3000);
