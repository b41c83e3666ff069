const express = require('express');

const app = express();
app.get('/', (req, res) => {
  if (req.query.fast) {
    res.json([]);
  }
  if (!res.headersSent) {
    res.json([1]);
  }
});
app.put('/', (req, res) => {
  if (req.query.fast) {
    res.json([]);
  }
  process.nextTick(() => {});
});

module.exports = app;
