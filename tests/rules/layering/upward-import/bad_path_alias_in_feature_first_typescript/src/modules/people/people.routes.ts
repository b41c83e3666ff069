import { Hono } from 'hono';

import { listPeople } from './people.usecases';

export const peopleRoutes = new Hono().get('/people', async (c) => c.json(await listPeople()));
