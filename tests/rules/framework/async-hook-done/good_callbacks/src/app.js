import Fastify from 'fastify';

const app = Fastify();

function requireCrew(request, reply, done) {
  request.crew = 1;
  done();
}

const named = (name) => async (request, reply, extra = name) => {
  request.ship = extra;
};

app.addHook('onRequest', requireCrew);
app.addHook('preHandler', named('Argo'));
app.addHook('onReady', async () => {});
app.get('/ferries', async () => []);
app.listen({ port: 3000 });

app.get('/ports', {
  preHandler: async (request, reply, done) => {
    await other(request, reply, done);
  },
}, async () => []);
