import { Hono } from 'hono';

const app = new Hono();

function walk(items: number[], next: (item: number) => void) {
  for (const item of items) next(item);
}

function step(state: { done: boolean }, next: () => void) {
  state.done = true;
  next();
}

app.get('/loans', (c) => {
  const state = { done: false };
  walk([1, 2], () => step(state, () => undefined));
  return c.json(state);
});

export default app;
