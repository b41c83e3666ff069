const express = require('express');
const { search, byIds } = require('./orders');
const { columns } = require('./reports');

const app = express();
app.get('/orders', async (req, res) => res.json(await search(req.query.q)));
app.get('/some', async (req, res) => res.json(await byIds([1, 2])));
app.get('/columns', async (req, res) => res.json(await columns(req.query.state)));
app.listen(3000);
