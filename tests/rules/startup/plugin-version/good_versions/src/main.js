import Fastify from 'fastify';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';

const app = Fastify();
await app.register(helmet);
await app.register(rateLimit, { max: 100 });
app.get('/letters', async () => []);
app.listen({ port: 3000 });
