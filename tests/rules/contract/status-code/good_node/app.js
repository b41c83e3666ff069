const express = require('express');
const { created } = require('./replies');
const { present } = require('outside');

const app = express();
app.get('/bells', (req, res) => res.json([]));
app.post('/bells', (req, res) => {
  res.status(201);
  res.json({ name: req.body.name });
});
app.get('/clocks', (req, res) => { res.json([]); });
app.post('/clocks', (req, res) => created(res, { name: req.body.name }));
app.get('/flags', (req, res) => { res.json([]); });
app.post('/flags', (req, res) => present(res, { name: req.body.name }));
app.get('/stairs', (req, res) => { res.json([]); });
app.post('/stairs', (req, res) => {
  const status = req.body.known ? 200 : 201;
  res.status(status).json({});
});

module.exports = app;
