const express = require('express');
const cors = require('cors');
const orders = require('./orders');

const app = express(); // expect: framework/body-parser
app.use(cors());
app.use((req, res, next) => next());
app.use('/orders', orders);

module.exports = app;
