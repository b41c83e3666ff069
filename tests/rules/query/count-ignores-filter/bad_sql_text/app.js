const Database = require('better-sqlite3');
const express = require('express');
const { Crates } = require('./crates');

const db = new Database('depot.db');
db.exec('CREATE TABLE IF NOT EXISTS crates (id INTEGER PRIMARY KEY, label TEXT, shelf TEXT, colour TEXT)');
const crates = new Crates(db);
const app = express();
app.get('/crates', (req, res) => {
  const { shelf, colour } = req.query;
  res.json(crates.search({ shelf, colour, limit: 20, offset: 0 }));
});

module.exports = app;
