import Fastify from 'fastify';

const app = Fastify();

async function requireDriver(request, reply) {
  if (!request.headers.authorization) {
    reply.code(401).send({ error: 'who are you?' });
    return reply;
  }
  request.driver = 1;
}

const withRole = (role) => async (request, reply) => {
  if (request.driver !== role) {
    return reply.code(403).send({});
  }
};

app.get('/bridges', { onRequest: [requireDriver()] }, async () => []); // expect: framework/called-handler
app.get('/tolls', { preHandler: withRole }, async () => []); // expect: framework/called-handler

app.listen({ port: 3000 });
