import express from 'express';
import { listed } from './boats';
import { boatQuery, parse } from './check';

const app = express();
app.get('/boats', async (req, res) => {
  const filter = parse(boatQuery, req.query);
  res.json(await listed(filter));
});
app.listen(3000);
