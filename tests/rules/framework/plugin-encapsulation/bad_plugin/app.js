import Fastify from 'fastify';
import auth from './auth.js';
import orders from './orders.js';

export function buildApp() {
  const app = Fastify();
  app.register(auth);
  app.register(orders, { prefix: '/orders' });
  return app;
}
