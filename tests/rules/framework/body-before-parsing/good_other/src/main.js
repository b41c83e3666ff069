import Fastify from 'fastify';

const app = Fastify();

app.decorateRequest('origin', null);
app.addHook('onRequest', async (request) => {
  request.origin = request.headers.origin;
  const draft = { body: 'x' };
  request.log.info(draft.body);
});
app.addHook('onSend', async (request, reply, payload) => (request.body ? payload : payload));
app.get('/letters', { onRequest: (request, reply, done) => done() }, async () => []);
app.listen({ port: 3000 });
