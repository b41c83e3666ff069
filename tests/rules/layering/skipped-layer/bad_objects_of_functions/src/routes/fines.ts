import { Hono } from 'hono';
import { fineService } from '../services/fines';

export const fines = new Hono().get('/', (c) => c.json({ fines: fineService.list() }));
