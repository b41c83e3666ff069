export function failures(fastify) {
  fastify.setErrorHandler((error, request, reply) => reply.code(500).send({ problem: error.message }));
}

export async function shared(fastify) {
  fastify.setNotFoundHandler((request, reply) => reply.code(404).send({}));
}
shared[Symbol.for('skip-override')] = true;

export async function spare(fastify) {
  fastify.setErrorHandler((error, request, reply) => reply.code(500).send({}));
  fastify.get('/spare', async () => ({}));
}
