const express = require('express');
const { Ship, Berth } = require('./models');

const app = express();
const cache = { crews: [] };

app.get('/health', (req, res) => res.json({ status: 'up', ships: [] }));

app.get('/ships', async (req, res) => {
  res.json(await Ship.findAll({ limit: 50 }));
});

app.get('/crews', (req, res) => {
  res.json(cache.crews);
});

app.get('/cargos', (req, res, next) => {
  if (req.accepts('html')) return next();
  return res.json({ cargos: [] });
});

app.get('/berths', async (req, res) => {
  if (!req.query.dock) {
    return res.json({ berths: [] });
  }
  return res.json({ berths: await Berth.findAll({ where: { dock: req.query.dock } }) });
});

app.get('/crews/options', (req, res) => {
  const found = [];
  for (const name of ['deck', 'engine']) found.push({ name });
  res.json(found);
});

app.get('/ships/latest', (req, res) => {
  Ship.findAll({ limit: 5 }).then((ships) => res.json({ ships }));
});

module.exports = app;
