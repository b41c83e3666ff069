class Members {
  constructor(db) {
    this.byName = db.prepare('SELECT id, name, digest FROM members WHERE name = ?');
  }

  find(name) {
    return this.byName.get(name);
  }
}

module.exports = { Members };
