import { Hono } from 'hono';
import { copyService } from '../services/copies';

export const copies = new Hono().get('/', (c) => c.json({ copies: copyService.list() }));
