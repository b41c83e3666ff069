const express = require('express');
const { standard } = require('@acme/web');

const app = express();
app.use(standard());
app.post('/', (req, res) => res.json(req.body.title));

module.exports = app;
