const express = require('express');
const { Ship } = require('./models');
const crew = require('./crewService');

const app = express();

app.get('/ships', async (req, res) => {
  res.json(await Ship.findAll({ limit: 50 }));
});

app.get('/crews', async (req, res) => {
  res.status(200).json(await crew.list());
});

app.get('/ships/:id/berths', (req, res) => {
  if (!req.params.id) {
    return res.status(404).json({ error: 'no such ship' });
  }
  const berths = []; // filled in later
  return res.json({ berths }); // expect: query/static-result
});

module.exports = app;
