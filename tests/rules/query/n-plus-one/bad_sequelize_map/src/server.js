const express = require('express');
const orders = require('./services/orders');

const app = express();
app.get('/orders', async (req, res) => res.json(await orders.list(req.query.page)));
app.listen(3000);
