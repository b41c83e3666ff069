const express = require('express');
const { log, level } = require('./log');
const Order = require('./order');
const { Line } = require('./models');
const { extra } = require('./extras');

let local = {};
try {
  local = require('./config.local');
} catch {
  local = { port: 3000 };
}
const app = express();
app.get('/', (req, res) => res.json([log, level, Order.open, Line, extra, local]));
module.exports = app;
