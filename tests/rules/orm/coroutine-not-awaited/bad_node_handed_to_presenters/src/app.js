const express = require('express');
const users = require('./users');
const passwords = require('./passwords');

const app = express();

function present(user) {
  return { user };
}

app.post('/users', async (req, res) => {
  const user = users.create(req.body);  // expect: orm/coroutine-not-awaited
  res.json(present(user));
});

app.post('/sign-in', async (req, res) => {
  if (!(passwords.matches(req.body.password, 'hash'))) {  // expect: orm/coroutine-not-awaited
    res.status(401);
  }
  res.json({});
});

module.exports = app;
