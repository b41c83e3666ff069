const express = require('express');
const { requireAuth } = require('./auth');

const app = express();
app.get('/letters', requireAuth, (req, res) => res.json([]));
app.get('/letters/:id', requireAuth, (req, res) => res.json({ id: req.params.id }));

module.exports = app;
