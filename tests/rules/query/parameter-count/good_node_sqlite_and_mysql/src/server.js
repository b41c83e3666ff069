const express = require('express');
const orders = require('./orders');
const cache = require('./cache');

const app = express();
app.get('/orders', async (req, res) => res.json(await orders.find(req.query)));
app.get('/cached/:key', async (req, res) => res.json(await cache.read(req.params.key)));
app.listen(3000);
