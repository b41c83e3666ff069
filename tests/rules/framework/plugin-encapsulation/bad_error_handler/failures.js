export default async function failures(fastify) {
  fastify.setErrorHandler((error, request, reply) => { // expect: fastify/plugin-encapsulation
    fastify.log.warn(error);
    return reply.code(error.statusCode ?? 500).send({ problem: error.message });
  });
  fastify.setNotFoundHandler((request, reply) => reply.code(404).send({ problem: 'none' }));
}
