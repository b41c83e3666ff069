import Fastify from 'fastify';

const app = Fastify();

async function requireCrew(request, reply, done) {  // expect: fastify/async-hook-done
  if (!request.headers.authorization) {
    throw new Error('who are you?');
  }
  request.crew = 1;
  done();
}

app.addHook('onSend', async (request, reply, payload, done) => {  // expect: fastify/async-hook-done
  reply.header('x-port', '1');
  return payload;
});

app.get('/ferries', { preHandler: [requireCrew] }, async () => []);
app.listen({ port: 3000 });
