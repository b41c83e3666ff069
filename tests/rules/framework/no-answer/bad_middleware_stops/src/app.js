const express = require('express');
const { requireUser } = require('./auth');

const app = express();

app.get('/orders', requireUser, (req, res) => {
  res.json({ user: req.userId });
});

module.exports = app;
