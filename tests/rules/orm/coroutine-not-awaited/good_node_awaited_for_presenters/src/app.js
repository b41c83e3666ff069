const express = require('express');
const users = require('./users');
const passwords = require('./passwords');

const app = express();

function present(user) {
  return { user };
}

app.post('/users', async (req, res) => {
  const user = await users.create(req.body);
  res.json(present(user));
});

app.post('/sign-in', async (req, res) => {
  if (!(await passwords.matches(req.body.password, 'hash'))) {
    res.status(401);
  }
  res.json({});
});

module.exports = app;
