class Repository {
  constructor(rows) {
    this.rows = rows
  }

  save(row) {
    this.rows.set(row.id, row)
    return row
  }
}

export class TreeRepository extends Repository {
  byKind = (kind) => [...this.rows.values()].filter((row) => row.kind === kind)
}
