export default async function orders(fastify) {
  fastify.get('/', { onRequest: [fastify.authenticate] }, async () => []);
}
