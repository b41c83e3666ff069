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

app.addHook('onRequest', requireDriver);
app.get('/bridges', { onRequest: [requireDriver] }, async () => []);
app.get('/tolls', { preHandler: withRole('owner'), schema: { querystring: {} } }, async () => []);

app.listen({ port: 3000 });
