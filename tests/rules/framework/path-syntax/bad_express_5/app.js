const express = require('express');
const orders = require('./orders');

const app = express();
app.use('/orders', orders);
app.use('/assets/*', express.static('public')); // expect: framework/path-syntax
app.all(['/health', '*'], (req, res) => res.status(404).end()); // expect: framework/path-syntax

module.exports = app;
