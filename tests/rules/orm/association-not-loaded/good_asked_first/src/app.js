const express = require('express');
const { ShipRepository } = require('./ships.repository');
const { ShipService } = require('./ships.service');
const { present } = require('./presenter');

const ships = new ShipService(new ShipRepository());
const app = express();
app.use(express.json());

app.get('/ships', async (req, res) => {
  const views = await ships.all();
  res.json({ ships: views.map(present) });
});

app.get('/ships/:id', async (req, res) => {
  res.json({ ship: present(await ships.one(req.params.id)) });
});

app.post('/ships', async (req, res) => {
  res.status(201).json({ ship: present(await ships.build(req.body)) });
});

app.listen(3000);
