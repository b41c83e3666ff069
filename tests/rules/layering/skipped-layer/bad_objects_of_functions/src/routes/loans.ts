import { Hono } from 'hono';
import { loanService } from '../services/loans';
import { memberService } from '../services/members';

export const loans = new Hono()
  .get('/', (c) => c.json({ loans: loanService.list() }))
  .get('/members', (c) => c.json({ members: memberService.list() }));
