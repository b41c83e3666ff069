export default async function text(fastify) {
  fastify.removeContentTypeParser('application/json');
  fastify.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => { // expect: fastify/plugin-encapsulation
    done(null, body ? JSON.parse(body) : {});
  });
}
