const express = require('express');

const lines = express.Router({ mergeParams: true });
lines.get('/', (req, res) => res.json({ order: req.params.orderId }));

const app = express();
app.use('/orders/:orderId/lines', lines);

module.exports = app;
