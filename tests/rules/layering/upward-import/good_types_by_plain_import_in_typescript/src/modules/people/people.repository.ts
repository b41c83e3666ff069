import { drizzle } from 'drizzle-orm/libsql';

import { listTickets } from '../tickets/tickets.usecases';
import { people } from './people.table';

type Listed = typeof listTickets;

const db = drizzle('file:desk.db');

export async function findPeople(limit: number, _all?: Listed) {
  return db.select().from(people).limit(limit);
}
