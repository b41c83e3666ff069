const express = require('express');
const { Settings, limit } = require('./settings');

const app = express();

async function onlyOpen(req, res, next) {
  const open = await Settings.isOpen({ open: String(req.query.open) });
  if (!open) return res.sendStatus(503);
  next();
}

app.use(onlyOpen);

app.get('/limit', async (req, res) => {
  res.json({ limit: await limit() });
});

app.listen(3000);
