const app = require('fastify')();
const items = require('./items');

const schema = { params: { type: 'object', properties: { id: { type: 'integer' } } } };

app.get('/items/:id', { schema }, async (request) => items.one(request.params.id));
app.get('/items', async (request) => items.list(request.query));
app.listen({ port: 3000 });
