const express = require('express');
const orchards = require('./orchards');
const { present, summary } = require('./presenter');

const app = express();

app.get('/orchards', async (req, res) => {
  const rows = await orchards.all();
  res.json({ orchards: rows.map(summary) });
});

app.get('/orchards/:id', async (req, res) => {
  const orchard = await orchards.find(req.params.id);
  res.json({ orchard: orchard ? present({ ...orchard, open: true }) : null });
});

app.listen(3000);
