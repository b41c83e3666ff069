const express = require('express');

const app = express();
app.get('/:id', (req, res) => {
  if (req.params.id === '0') {
    res.status(404).json({ error: 'not found' });
    return;
  }
  if (req.params.id === '1') return res.json({});
  if (req.params.id === '2') {
    res.status(204);
  }
  res.json({ id: req.params.id });
});
app.post('/', (req, res, next) => {
  if (req.get('x-key')) {
    res.sendStatus(200);
  } else {
    next();
  }
});

module.exports = app;
