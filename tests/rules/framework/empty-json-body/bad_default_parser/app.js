import Fastify from 'fastify';
import orders from './orders.js';

export function buildApp() {
  const app = Fastify({ logger: true }); // expect: fastify/empty-json-body error
  app.register(orders);
  return app;
}
