const db = require('./database');

function find({ terms, order, limit }) {
  let sql = 'SELECT id, title FROM orders WHERE 1 = 1';
  for (const term of terms) {
    sql += ` AND title LIKE '%${term}%'`; // expect: query/injection
  }
  sql += ` ORDER BY ${order} LIMIT ${limit}`; // expect: query/injection
  return db.prepare(sql).all();
}

function byState(state) {
  return db
    .prepare("SELECT id FROM orders WHERE state = '" + state + "'") // expect: query/injection
    .all();
}

module.exports = { find, byState };
