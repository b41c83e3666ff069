import express from 'express';
import { boardsOf } from './boards.js';
import { source } from './data.js';

const app = express();

app.get('/keys/:keyId/boards', async (req, res) => {
  const name = req.query.name; // expect: query/filter-ignored
  const owner = req.query.owner; // expect: query/filter-ignored
  res.json(await boardsOf(req.params.keyId, name, owner));
});

await source.initialize();
app.listen(3000);
