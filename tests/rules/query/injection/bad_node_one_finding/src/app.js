const express = require('express');
const { list, page } = require('./books');

const app = express();

app.get('/books', (req, res) => res.json(list(String(req.query.sort))));
app.get('/pages', (req, res) => res.json(page({ sort: String(req.query.sort) })));
app.listen(3000);
