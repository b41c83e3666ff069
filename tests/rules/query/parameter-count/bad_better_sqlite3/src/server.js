const app = require('fastify')();
const orders = require('./orders');

app.get('/orders/:id', async (request) => orders.get(request.params.id));
app.listen({ port: 3000 });
