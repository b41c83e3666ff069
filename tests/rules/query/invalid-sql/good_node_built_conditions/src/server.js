const express = require('express');
const Database = require('better-sqlite3');

const db = new Database('shop.db');
db.function('now', () => new Date().toISOString());
const app = express();

app.get('/items', (req, res) => {
  const where = [];
  const params = {};
  if (req.query.state) {
    where.push('state = @state');
    params.state = req.query.state;
  }
  let sql = 'SELECT id FROM items';
  if (where.length > 0) sql += ' WHERE ' + where.join(' AND ');
  sql += ' ORDER BY id';
  res.json(db.prepare(sql).all(params));
});
app.get('/recent', (req, res) => {
  res.json(db.prepare("SELECT id FROM items WHERE at > now() AND note <> 'a ILIKE b'").all());
});
app.listen(3000);
