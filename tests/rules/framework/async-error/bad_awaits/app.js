const express = require('express');
const { find, list } = require('./store');
const controller = require('./controller');

const app = express();
app.get('/', async (req, res) => {
  res.json(await list()); // expect: express/async-error
});
app.post('/', controller.create);
app.get('/:id', async (req, res, next) => {
  try {
    res.json(await find(req.params.id));
  } catch (error) {
    next(error);
  }
});
app.use((error, req, res, next) => res.status(500).json({ error: error.message }));

module.exports = app;
