import { Hono } from 'hono';
import { memberOf } from './roster';

export const trainers = new Hono();
trainers.get('/', (c) => c.json([]));
trainers.post('/', (c) => {
  const member = memberOf(c);
  return c.json({ member }, 201);
});
