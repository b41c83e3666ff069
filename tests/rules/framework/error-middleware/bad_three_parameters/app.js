const express = require('express');
const errors = require('./errors');

const app = express();
app.get('/', (req, res) => res.json([]));
app.use(errors);

module.exports = app;
