const Database = require('better-sqlite3');
const express = require('express');
const { Members } = require('./members');
const { Desk } = require('./desk');
const { shown } = require('./shown');

const db = new Database('depot.db');
const desk = new Desk(new Members(db));
const app = express();

app.post('/enter', (req, res) => {
  const member = desk.enter(req.body.name, req.body.password); // expect: orm/coroutine-not-awaited
  res.json(shown(member));
});

app.get('/members', (req, res) => {
  const members = desk.all(['ann', 'bo']); // expect: orm/coroutine-not-awaited
  res.json(members.map(shown));
});

module.exports = app;
