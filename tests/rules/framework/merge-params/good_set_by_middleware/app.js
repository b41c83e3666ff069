const express = require('express');

const lines = express.Router();
lines.get('/', (req, res) => res.json({ order: req.params.orderId }));

const app = express();
function keep(req, res, next) {
  const { orderId } = req.params;
  req.url = '/';
  res.locals.orderId = orderId;
  next();
}
function restore(req, res, next) {
  req.params.orderId = res.locals.orderId;
  next();
}
app.use('/orders/:orderId/lines', keep, lines);
lines.use(restore);

module.exports = app;
