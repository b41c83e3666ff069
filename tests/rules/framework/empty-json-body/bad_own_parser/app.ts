import fastify from 'fastify';

const app = fastify();
app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => { // expect: fastify/empty-json-body error
  try {
    done(null, JSON.parse(body as string));
  } catch (error) {
    done(error as Error);
  }
});
app.get('/orders', async () => []);
app.delete('/orders/:id/star', async (request) => ({ id: request.params.id, starred: false }));

export default app;
