const express = require('express');
const { search } = require('./orders');

const app = express();
app.get('/orders', async (req, res) => res.json(await search(req.query.q)));
app.listen(3000);
