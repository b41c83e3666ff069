const { db, inTransaction } = require('./db');

function move(id, shelf) {
  const run = db.transaction(() => {
    db.prepare('UPDATE crates SET shelf = ? WHERE id = ?').run(shelf, id);
  });
  return run();
}

function scrap(id) {
  return inTransaction(() => db.prepare('DELETE FROM crates WHERE id = ?').run(id));
}

module.exports = { move, scrap };
