import Fastify from 'fastify';
import limits from './limits.js';

const app = Fastify();
await app.register(limits);

function noHtml(req, reply, done) {
  done(req.body && /</.test(req.body.text) ? new Error('no html') : undefined); // expect: fastify/body-before-parsing
}

app.addHook('onRequest', noHtml);
app.post('/letters', { onRequest: [app.throttle] }, async (request) => ({ text: request.body.text }));
app.listen({ port: 3000 });
