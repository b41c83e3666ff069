const Database = require('better-sqlite3');

const db = new Database('library.db');

function list(sort) {
  return db.prepare(`SELECT id FROM books ORDER BY ${sort} LIMIT 20`).all(); // expect: query/injection
}

function page({ sort = 'id' }) {
  const order = `ORDER BY ${sort}`; // expect: query/injection
  return db.prepare(`SELECT id FROM books ${order} LIMIT 20`).all();
}

module.exports = { list, page };
