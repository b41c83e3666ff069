import { Hono } from 'hono';
import { loanService } from '../services/loans';

export const loans = new Hono().get('/', (c) => c.json({ loans: loanService.list() }));
