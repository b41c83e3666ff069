import Database from "better-sqlite3";

const db = new Database("moths.db");

export function sightings({ place, since }) {
  const conditions = [];
  const values = [];
  if (place !== undefined) {
    conditions.push("place = ?");
    values.push(place);
  }
  if (since !== undefined) {
    conditions.push("seen_at >= ?");
    values.push(since);
  }
  const where = conditions.length > 0 ? ` WHERE ${conditions.join(" AND ")}` : "";
  return db.prepare(`SELECT id, species, place FROM sightings${where}`).all(...values);
}

export function species(family) {
  return db.prepare("SELECT name FROM species WHERE ? IS NULL OR family = ?").all(family, family);
}
