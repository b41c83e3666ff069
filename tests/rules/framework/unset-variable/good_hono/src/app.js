import { Hono } from 'hono';
import { anybody, member } from './guards.js';
import { lend, loansOf } from './loans.js';

export const app = new Hono();

app.get('/loans', member, (c) => c.json(loansOf(c.get('reader'))));

app.get('/loans/mine', anybody, (c) => c.json(loansOf(c.get('viewer'))));

app.get('/greeting', anybody, (c) => c.text(`hello ${c.get('reader') ?? 'stranger'}`));

app.post('/loans/:book', anybody, (c) => {
  const reader = c.get('reader');
  if (!reader) {
    return c.text('who are you?', 401);
  }
  lend(c.req.param('book'), reader);
  return c.body(null, 204);
});
