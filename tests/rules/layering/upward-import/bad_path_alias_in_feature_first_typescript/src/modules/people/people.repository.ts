import { drizzle } from 'drizzle-orm/libsql';

import { titleOf } from '@desk/tickets/tickets.usecases'; // expect: layering/upward-import error

import { people } from './people.table';

const db = drizzle('file:desk.db');

export async function findPeople(limit: number) {
  titleOf("x");
  return db.select().from(people).limit(limit);
}
