const fastify = require('fastify');

const { requireUser, count, refuse, later } = require('./hooks');
const orders = require('./orders');

const app = fastify();

app.decorateRequest('seen', null);
app.decorateRequest('agent', { getter() { return this.headers['user-agent']; } });
app.addHook('onRequest', count);
app.addHook('preHandler', refuse);
app.addHook('preHandler', later);
app.register(orders, { prefix: '/orders' });
app.get('/me', { preHandler: [requireUser], config: { auth: 'user' } }, async () => ({}));

app.listen({ port: Number(process.env.PORT) });
