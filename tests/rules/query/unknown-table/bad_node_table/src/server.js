const express = require('express');
const db = require('./database');

const app = express();
app.get('/items', (req, res) => {
  db.all('SELECT id, title FROM items', (error, rows) => res.json(rows));
});
app.get('/owners', (req, res) => {
  db.all('SELECT o.name FROM owners o JOIN marks m ON m.owner_id = o.id', [], (error, rows) => {
    res.json(rows);
  });
});
app.get('/marked', (req, res) => {
  db.all(
    'SELECT i.title FROM items i JOIN item_marks m ON m.item_id = i.id', // expect: query/unknown-table
    (error, rows) => res.json(rows),
  );
});
app.listen(3000);
