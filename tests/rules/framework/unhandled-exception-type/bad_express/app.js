const express = require('express');
const { NotFoundError } = require('./http/errors');
const books = require('./services/books');

const app = express();
app.get('/books/:id', async (req, res, next) => {
  try {
    res.json(await books.find(req.params.id));
  } catch (err) {
    next(err);
  }
});
app.use((err, req, res, next) => {
  if (err instanceof NotFoundError) {  // expect: any/unhandled-exception-type warning
    return res.status(404).json({ error: err.message });
  }
  return res.status(500).json({ error: 'internal' });
});
app.listen(3000);
