const express = require('express');
const orders = require('./orders');

const app = express();
app.get('/', (req, res) => res.json(orders.list()));
app.get('/:id', (req, res) => res.json(orders.findOne(req.params.id))); // expect: startup/unresolved-import
app.get('/own/:id', (req, res) => {
  const orders = { findAll: () => [] };
  res.json(orders.findAll());
});
module.exports = app;
