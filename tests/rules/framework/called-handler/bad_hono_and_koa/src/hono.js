import { Hono } from 'hono';
import { logger } from 'hono/logger';

const requireDriver = async (c, next) => {
  c.set('driver', 1);
  await next();
};

export const app = new Hono();
app.use(logger); // expect: framework/called-handler
app.use('/bridges/*', requireDriver()); // expect: framework/called-handler
app.get('/bridges', (c) => c.json([]));
