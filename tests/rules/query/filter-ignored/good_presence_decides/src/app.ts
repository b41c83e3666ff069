import express from 'express';
import { boardsOf } from './boards.js';
import { source } from './data.js';

const app = express();

app.get('/keys/:keyId/boards', async (req, res) => {
  res.json(await boardsOf(req.params.keyId, req.query.strictly, req.query.all));
});

await source.initialize();
app.listen(3000);
