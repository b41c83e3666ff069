const sqlite3 = require('sqlite3');

const db = new sqlite3.Database('shop.db');
db.serialize(() => {
  db.run('CREATE TABLE IF NOT EXISTS items (id INTEGER PRIMARY KEY, title TEXT)');
  db.run('CREATE TABLE IF NOT EXISTS owners (id INTEGER PRIMARY KEY, name TEXT)');
  db.run('CREATE TABLE IF NOT EXISTS marks (item_id INTEGER, owner_id INTEGER)');
});

module.exports = db;
