const express = require('express');

const app = express();
app.use((req, res, next) => {
  req.params.tenant = req.hostname;
  next();
});
app.get('/:id', (req, res) => res.json([req.params.id, req.params.tenant]));

module.exports = app;
