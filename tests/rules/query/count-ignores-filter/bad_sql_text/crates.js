class Crates {
  constructor(db) {
    this.db = db;
  }

  search({ shelf, colour, limit, offset }) {
    const parts = [];
    const values = [];
    if (shelf) {
      parts.push('c.shelf = ?');
      values.push(shelf);
    }
    if (colour) {
      parts.push('c.colour = ?');
      values.push(colour);
    }
    const where = parts.length ? `WHERE ${parts.join(' AND ')}` : '';
    const crates = this.db
      .prepare(`SELECT c.id, c.label FROM crates c ${where} ORDER BY c.id LIMIT ? OFFSET ?`)
      .all(...values, limit, offset);
    const total = this.db.prepare('SELECT COUNT(*) AS n FROM crates').get().n; // expect: query/count-ignores-filter
    return { crates, total };
  }
}

module.exports = { Crates };
