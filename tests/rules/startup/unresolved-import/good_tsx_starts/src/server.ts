import express from 'express';
import { loans } from './loans';
import { members } from './members.js';

const app = express();
app.get('/loans', (_req, res) => {
  res.json([loans, members]);
});
app.listen(3000);
