import { db } from "./db.js";

export class Tags {
  constructor() {
    this.prepareTable();
  }

  prepareTable() {
    const sql = [
      "CREATE TABLE IF NOT EXISTS tags (",
      "note_id INTEGER NOT NULL, name TEXT NOT NULL)",
    ].join(" ");
    db.exec(sql);
  }
}
