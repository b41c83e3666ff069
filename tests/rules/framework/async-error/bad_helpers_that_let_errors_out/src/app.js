const express = require('express');
const { rethrown, handedOn, before } = require('./settings');

const app = express();

app.get('/rethrown', async (req, res) => {
  res.json(await rethrown()); // expect: express/async-error
});

app.get('/handed-on', async (req, res) => {
  res.json(await handedOn()); // expect: express/async-error
});

app.get('/before', async (req, res) => {
  res.json(await before()); // expect: express/async-error
});

app.listen(3000);
