const express = require('express');
const { presentVan, presentVans } = require('./presenters');
const garage = require('garage');

const app = express();
app.get('/vans', async (req, res) => {
  res.json(presentVans(await garage.all())); // expect: contract/response-shape
});
app.post('/vans', async (req, res) => {
  const van = await garage.add(req.body);
  res.status(201).json({ plate: van.plate, seats: van.seats }); // expect: contract/response-shape
});
app.get('/vans/:id', async (req, res) => {
  const van = await garage.get(req.params.id);
  res.json({ van: presentVan(van) });
});

module.exports = app;
