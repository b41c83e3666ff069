const express = require('express');
const profiles = require('./profiles');

const app = express();

app.get('/profile', (req, res) => {
  res.json(profiles.get({ name: req.query.name }));
});

module.exports = app;
