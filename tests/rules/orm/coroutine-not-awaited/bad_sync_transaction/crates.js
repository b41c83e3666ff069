const { db, inTransaction } = require('./db');

function move(id, shelf) {
  const run = db.transaction(async () => { // expect: orm/coroutine-not-awaited
    db.prepare('UPDATE crates SET shelf = ? WHERE id = ?').run(shelf, id);
  });
  return run();
}

function scrap(id) {
  return inTransaction(async () => { // expect: orm/coroutine-not-awaited
    db.prepare('DELETE FROM crates WHERE id = ?').run(id);
  });
}

module.exports = { move, scrap };
