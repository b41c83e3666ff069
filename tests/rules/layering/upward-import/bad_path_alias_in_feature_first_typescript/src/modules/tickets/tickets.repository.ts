import { drizzle } from 'drizzle-orm/libsql';

import { tickets } from './tickets.table';

const db = drizzle('file:desk.db');

export async function findTickets(limit: number) {
  return db.select().from(tickets).limit(limit);
}
