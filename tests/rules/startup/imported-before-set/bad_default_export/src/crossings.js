import db, { opened } from './db.js'; // expect: startup/imported-before-set

export function listCrossings() {
  return db.prepare('SELECT id, departs_at FROM crossings LIMIT 50').all();
}

export function oneCrossing(id) {
  return opened.prepare('SELECT id, departs_at FROM crossings WHERE id = ?').get(id);
}
