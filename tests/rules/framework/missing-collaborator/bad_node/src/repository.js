export class TreeRepository {
  #db

  constructor(db) {
    this.#db = db
  }

  list() {
    return this.#db.prepare('SELECT id FROM trees').all()
  }
}
