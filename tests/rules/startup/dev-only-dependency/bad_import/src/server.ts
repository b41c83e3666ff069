import bcrypt from 'bcryptjs'; // expect: startup/dev-only-dependency
import Fastify from 'fastify';

const app = Fastify();
app.get('/hash', async () => ({ hash: await bcrypt.hash('a', 4) }));
await app.listen({ port: 3000 });
