import { Hono } from 'hono';

import { listPeople } from '../people/people.usecases';
import { listTickets } from './tickets.usecases';

export const ticketRoutes = new Hono().get('/tickets', async (c) =>
  c.json({ tickets: await listTickets(), people: await listPeople() }),
);
