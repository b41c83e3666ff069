const cookie = require('@fastify/cookie');
const fastify = require('fastify');

const app = fastify();

app.register(cookie);
app.decorateReply('json', function (value) {
  return this.send(value);
});

app.post('/session', async (request, reply) => {
  reply.setCookie('session', request.body.token);
  return reply.status(201).json({ seen: request.cookies.seen });
});

app.listen({ port: 3000 });
