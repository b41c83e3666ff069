const express = require('express');
const input = require('./input');
const orders = require('./orderService');

const app = express();

app.get('/orders', (req, res) => {
  res.json(orders.search(input.orderFilters(req.query)));
});

app.get('/orders/:state', (req, res) => {
  res.json(orders.inState(req.params.state));
});

app.listen(3000);
