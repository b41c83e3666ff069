const Database = require('better-sqlite3');

const db = new Database('depot.db');
db.exec(`
  CREATE TABLE IF NOT EXISTS loans (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    member_id INTEGER NOT NULL,
    crate_id INTEGER NOT NULL
  );
`);

function lend(memberId, crateId) {
  db.prepare('INSERT OR IGNORE INTO loans (member_id, crate_id) VALUES (?, ?)')
    .run(memberId, crateId); // expect: query/conflict-without-key
}

module.exports = { lend };
