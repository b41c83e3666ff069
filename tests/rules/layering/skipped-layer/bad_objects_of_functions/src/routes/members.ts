import { Hono } from 'hono';
import { loanRepository } from '../repositories/loans'; // expect: layering/skipped-layer
import { memberService } from '../services/members';

export const members = new Hono()
  .get('/', (c) => c.json({ members: memberService.list() }))
  .get('/loans', (c) => c.json({ loans: loanRepository.list(5) }));
