const fastify = require('fastify');

const app = fastify();
app.get('/health', async () => ({}));
app.listen({ port: 3001 });
