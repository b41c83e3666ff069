import { db } from '../db';

const all = db.prepare('SELECT id, copy FROM copies LIMIT ?');

export const copyRepository = {
  list: (limit: number) => all.all(limit),
};
