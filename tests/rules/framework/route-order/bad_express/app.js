const express = require('express');
const articles = require('./articles');

const app = express();
app.use(express.json());
app.use('/api/articles', articles);
app.get('/api/:page/about', (req, res) => res.json({ page: req.params.page }));
app.get('/api/shop/about', (req, res) => res.json({})); // expect: framework/route-order

module.exports = app;
