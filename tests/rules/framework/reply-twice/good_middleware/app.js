const express = require('express');

function guard(req, res, next) {
  if (!req.get('authorization')) {
    return res.status(401).json({ error: 'unauthorized' });
  }
  if (req.get('x-trace')) {
    res.set('x-trace', req.get('x-trace'));
  }
  next();
}

const app = express();
app.get('/', guard, (req, res) => res.json([]));

app.get('/b', (req, res, next) => {
  if (!req.get('authorization')) {
    next(new Error('no token'));
  }
  try {
    if (!req.get('x-member')) return;
    req.member = req.get('x-member');
  } catch {
    return;
  }
  next();
}, (req, res) => res.json(req.member));

module.exports = app;
