import Fastify from 'fastify';
import fp from 'fastify-plugin';

const parser = fp(async (app) => {
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') return done(null, undefined);
    try {
      return done(null, JSON.parse(body));
    } catch (error) {
      return done(error);
    }
  });
});

const app = Fastify();
app.register(parser);
app.register(async (inner) => {
  inner.post('/orders/:id/star', async (request) => ({ id: request.params.id }));
});

export default app;
