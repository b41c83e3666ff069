import Fastify from 'fastify';
import fp from 'fastify-plugin';
import { jarsRepository } from './jars.repository.js';
import { openPantry } from './models.js';

const app = Fastify();

await app.register(
  fp(async (instance) => {
    const pantry = openPantry('pantry.sqlite');
    await pantry.sequelize.sync();
    instance.decorate('pantry', pantry);
  }),
);

app.get('/jars/:id', async (request) => jarsRepository(app.pantry).one(request.params.id));
