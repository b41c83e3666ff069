const express = require('express');
const ships = require('./ships');

const app = express();

app.get('/ships/:name', async (req, res) => {
  const ship = await ships.byName(req.params.name);
  if (!ship) {
    res.status(404).json({ error: 'no such ship' });
    return;
  }
  res.json({ ship });
});

app.listen(3000);
