import Fastify from 'fastify';

const app = Fastify();

async function requireCrew(request, reply) {
  if (!request.headers.authorization) {
    throw new Error('who are you?');
  }
  request.crew = 1;
}

app.addHook('onSend', async (request, reply, payload) => {
  reply.header('x-port', '1');
  return payload;
});

app.get('/ferries', { preHandler: [requireCrew] }, async () => []);
app.listen({ port: 3000 });
