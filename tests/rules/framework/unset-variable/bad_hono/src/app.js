import { Hono } from 'hono';
import { anybody, member } from './guards.js';
import { lend, loansOf } from './loans.js';

export const app = new Hono();

app.get('/loans', member, (c) => c.json(loansOf(c.get('reader'))));

app.post('/loans/:book', anybody, (c) => {
  lend(c.req.param('book'), c.get('reader')); // expect: framework/unset-variable
  return c.body(null, 204);
});
