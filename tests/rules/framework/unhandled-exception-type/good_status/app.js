const express = require('express');
const { NotFoundError } = require('./http/errors');
const books = require('./services/books');

const app = express();
app.get('/books/:id', async (req, res) => res.json(await books.find(req.params.id)));
app.use((err, req, res, next) => {
  if (err instanceof NotFoundError || err.name === 'NotFoundError') {
    return res.status(404).json({ error: err.message });
  }
  return res.status(err.statusCode || 500).json({ error: 'internal' });
});
app.listen(3000);
