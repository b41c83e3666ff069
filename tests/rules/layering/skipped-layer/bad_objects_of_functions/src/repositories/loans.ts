import { db } from '../db';

const all = db.prepare('SELECT id, copy FROM loans LIMIT ?');

export const loanRepository = {
  list: (limit: number) => all.all(limit),
};
