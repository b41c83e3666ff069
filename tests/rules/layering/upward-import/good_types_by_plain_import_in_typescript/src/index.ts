import { Hono } from 'hono';

import { peopleRoutes } from './modules/people/people.routes';
import { ticketRoutes } from './modules/tickets/tickets.routes';

export default new Hono().route('/', ticketRoutes).route('/', peopleRoutes);
