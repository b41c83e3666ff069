export default function hooks(app, token) {
  // ruleid: fastify-async-done
  app.addHook('preHandler', async (request, reply, done) => {
    request.member = await app.member(request);
    done();
  });
  // ruleid: fastify-async-done
  app.addHook('onRequest', async function (request, reply, next) {
    next();
  });
  // ok: fastify-async-done
  app.addHook('onRequest', (request, reply, done) => {
    done();
  });
  // ok: fastify-async-done
  app.addHook('preHandler', async (request, reply) => {
    request.token = token;
  });
  // ok: fastify-async-done
  app.addHook('onSend', async (request, reply, payload) => payload);
}
