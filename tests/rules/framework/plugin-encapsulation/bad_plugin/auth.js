export default async function auth(fastify) {
  fastify.decorate('authenticate', async (request) => request.jwtVerify()); // expect: fastify/plugin-encapsulation
  fastify.decorate('issue', () => 'token');
  fastify.post('/login', async () => ({ token: fastify.issue() }));
}
