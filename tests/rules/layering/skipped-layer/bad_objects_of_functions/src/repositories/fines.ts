import { db } from '../db';

const all = db.prepare('SELECT id, copy FROM fines LIMIT ?');

export const fineRepository = {
  list: (limit: number) => all.all(limit),
};
