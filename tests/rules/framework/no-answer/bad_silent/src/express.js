import express from 'express';
import { ferries } from './ferries.js';

const app = express();
app.delete('/ferries/:id', async (req, res) => {  // expect: framework/no-answer
  await ferries.remove(req.params.id);
});
app.listen(3000);
