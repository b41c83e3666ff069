const sqlite3 = require('sqlite3').verbose();

const db = new sqlite3.Database('cache.db');

function all(sql, params = []) {
  return new Promise((resolve, reject) => {
    db.all(sql, params, (error, rows) => (error ? reject(error) : resolve(rows)));
  });
}

async function read(key) {
  const [first] = await all('SELECT value FROM entries WHERE key = ?', [key]);
  const named = await all('SELECT value FROM entries WHERE key = $key', { $key: key });
  return first || named[0];
}

function write(key, value) {
  db.run('INSERT INTO entries (key, value) VALUES (?, ?)', key, value, (error) => {
    if (error) console.error(error);
  });
  db.serialize(() => {
    db.run("UPDATE entries SET note = 'asked ?' WHERE key = ?", [key]);
  });
}

module.exports = { read, write };
