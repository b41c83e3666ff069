import { FastifyInstance } from 'fastify';

export default function hooks(app: FastifyInstance, token: string) {
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
  // ok: fastify-async-done
  app.addHook('preParsing', async (request, reply, payload) => payload);
  // ok: fastify-async-done
  app.addHook('preSerialization', async (request, reply, payload) => payload);
  // ok: fastify-async-done
  app.addHook('onError', async (request, reply, error) => {
    request.log.error(error);
  });
  // ok: fastify-async-done
  app.addHook('onRoute', (options) => {
    options.token = token;
  });
  // ok: fastify-async-done
  app.addHook('preHandler', (request, reply, done) => {
    (async () => {
      request.member = await app.member(request);
      done();
    })();
  });
  // ok: fastify-async-done
  app.addHook('onClose', async (instance) => {
    await instance.close();
  });
  // ok: fastify-async-done
  app.addHook('preHandler', async (request: Request, reply: Reply): Promise<void> => {
    await new Promise((done) => app.later(done));
  });
}
