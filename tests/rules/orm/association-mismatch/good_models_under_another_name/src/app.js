import Fastify from 'fastify';
import fp from 'fastify-plugin';
import { openPantry } from './models.js';

const app = Fastify();

await app.register(fp(async (instance) => instance.decorate('pantry', openPantry('pantry.sqlite'))));

app.get('/jars', async () => {
  const { Glass, Shelf } = app.pantry;
  return Glass.findAll({ include: [{ model: Shelf, as: 'shelf' }], limit: 50 });
});
