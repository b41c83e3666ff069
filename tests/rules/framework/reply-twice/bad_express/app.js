const express = require('express');
const { find } = require('./store');

const app = express();
app.get('/:id', async (req, res) => {
  const order = await find(req.params.id);
  if (!order) {
    res.status(404).json({ error: 'not found' }); // expect: framework/reply-twice
  }
  const shown = { id: order.id };
  res.json(shown);
});

module.exports = app;
