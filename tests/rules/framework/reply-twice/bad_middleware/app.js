const express = require('express');

function guard(req, res, next) {
  if (!req.get('authorization')) {
    res.status(401).json({ error: 'unauthorized' }); // expect: framework/reply-twice
  }
  next();
}

const app = express();
app.get('/', guard, (req, res) => res.json([]));
app.get('/a', (req, res, next) => {
  if (req.query.bad) {
    next(new Error('bad')); // expect: framework/reply-twice
  }
  return res.json([]);
});

app.get('/b', (req, res, next) => {
  const token = req.get('authorization');
  if (!token) {
    next(new Error('no token')); // expect: framework/reply-twice
  }
  try {
    req.member = JSON.parse(token);
  } catch {
    throw new Error('bad token');
  }
  next();
}, (req, res) => res.json(req.member));

module.exports = app;
