const fastify = require('fastify');

const feed = require('./feed');
const orders = require('./orders');

const app = fastify();

app.register(orders, { prefix: '/orders' });
app.register(feed, { prefix: '/orders' });

app.listen({ port: 3000 });
