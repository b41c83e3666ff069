const Database = require('better-sqlite3');

const db = new Database('depot.db');
db.exec(`
  CREATE TABLE IF NOT EXISTS loans (
    member_id INTEGER NOT NULL,
    crate_id INTEGER NOT NULL,
    since TEXT,
    PRIMARY KEY (member_id, crate_id)
  );
  CREATE TABLE IF NOT EXISTS tags (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
`);

function lend(memberId, crateId) {
  db.prepare('INSERT OR IGNORE INTO loans (member_id, crate_id) VALUES (?, ?)').run(memberId, crateId);
  db.prepare(
    'INSERT INTO loans (member_id, crate_id, since) VALUES (?, ?, ?) ' +
      'ON CONFLICT (crate_id, member_id) DO UPDATE SET since = excluded.since'
  ).run(memberId, crateId, 'now');
}

function tag(name) {
  db.prepare('INSERT INTO tags (name) VALUES (?) ON CONFLICT (name) DO NOTHING').run(name);
}

module.exports = { lend, tag };
