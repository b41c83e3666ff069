const express = require('express');
const { listStones } = require('./stones');
const { blocks, carts } = require('./blocks');

const app = express();

app.get('/stones', async (req, res) => {
  const { rows, count } = await listStones(req.query);
  res.json({ stones: rows, count });
});

app.get('/blocks', async (req, res) => {
  const limit = req.query.limit || 10;
  res.json(await blocks(req.query.colour, limit, req.query.offset ?? 0));
});

app.get('/carts', (req, res) => {
  res.json(carts(req.query.limit));
});

module.exports = app;
