const Database = require('better-sqlite3');

const db = new Database('depot.db');

function inTransaction(work) {
  return db.transaction(work)();
}

module.exports = { db, inTransaction };
