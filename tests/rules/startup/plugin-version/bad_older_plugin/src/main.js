import Fastify from 'fastify';
import helmet from '@fastify/helmet'; // expect: startup/plugin-version
import rateLimit from '@fastify/rate-limit'; // expect: startup/plugin-version

const app = Fastify();
await app.register(helmet);
await app.register(rateLimit, { max: 100 });
app.get('/letters', async () => []);
app.listen({ port: 3000 });
