const fastify = require('fastify');

const app = fastify();

app.get('/orders', { constraints: { version: '1.0.0' } }, async () => []);
app.get('/orders', { constraints: { version: '2.0.0' } }, async () => ({}));
app.post('/orders', async () => ({}));

if (process.env.DEBUG) {
  app.get('/tags', async () => ['debug']);
} else {
  app.get('/tags', async () => []);
}

app.listen({ port: 3000 });
