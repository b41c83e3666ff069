const fastify = require('fastify');

const { requireUser, count } = require('./hooks');
const orders = require('./orders');

const app = fastify();

app.decorateRequest('seen', []); // expect: fastify/invalid-registration
app.addHook('onRequest', count);
app.register(orders, { prefix: '/orders' });
app.get('/me', requireUser, async () => ({})); // expect: fastify/invalid-registration
app.put('/me', { middleware: requireUser }, async () => ({})); // expect: fastify/invalid-registration

app.listen(Number(process.env.PORT), '0.0.0.0'); // expect: fastify/invalid-registration
