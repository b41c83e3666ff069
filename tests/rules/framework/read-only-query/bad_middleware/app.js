const express = require('express');
const { page, validate } = require('./middleware');

const app = express();
app.get('/orders', page, (req, res) => res.json({ limit: req.query.limit }));
app.get('/lines', validate('query'), (req, res) => res.json(req.query));
app.get('/notes', (req, res) => {
  req.query.limit = Math.min(Number(req.query.limit), 50); // expect: express/read-only-query
  Object.assign(req.query, { offset: 0 }); // expect: express/read-only-query
  res.json(req.query);
});

module.exports = app;
