const Database = require('better-sqlite3');
const express = require('express');
const { Members } = require('./members');
const { Desk } = require('./desk');
const { shown, shownLater } = require('./shown');

const db = new Database('depot.db');
const desk = new Desk(new Members(db));
const app = express();

app.post('/enter', async (req, res) => {
  const member = desk.enter(req.body.name, req.body.password);
  res.json(await shownLater(member));
});

app.get('/members', async (req, res) => {
  const members = desk.all(['ann', 'bo']);
  const first = members.then((found) => found.map(shown));
  res.json(await first);
});

module.exports = app;
