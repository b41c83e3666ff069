const express = require('express');

const app = express();
app.get('/orders/:id(\\d+)', (req, res) => res.json({ id: req.params.id }));
app.get('/page/:number?', (req, res) => res.json([]));
app.all('*', (req, res) => res.status(404).end());

module.exports = app;
