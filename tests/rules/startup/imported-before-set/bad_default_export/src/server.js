import Fastify from 'fastify';
import { listCrossings, oneCrossing } from './crossings.js';
import { open } from './db.js';

const app = Fastify();

app.get('/crossings', async () => listCrossings());
app.get('/crossings/:id', async (request) => oneCrossing(request.params.id));

open('ferry.db');
await app.listen({ port: 3000 });
