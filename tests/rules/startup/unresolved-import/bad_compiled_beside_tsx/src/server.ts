import express from 'express';
import { loans } from './loans'; // expect: startup/unresolved-import
import { members } from './members.js';

const app = express();
app.get('/loans', (_req, res) => {
  res.json([loans, members]);
});
app.listen(3000);
