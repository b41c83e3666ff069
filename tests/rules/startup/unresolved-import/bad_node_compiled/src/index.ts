import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import type { Order } from './types';
import { orders } from './orders.js';
import { total } from './total'; // expect: startup/unresolved-import

const app = new Hono();
const first: Order | undefined = orders[0];
app.get('/', (c) => c.json({ first, total }));
serve({ fetch: app.fetch });
