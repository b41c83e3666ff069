import { db } from '../db';

export const memberRepository = {
  list(limit: number) {
    return db.prepare('SELECT id, name FROM members LIMIT ?').all(limit);
  },
};
