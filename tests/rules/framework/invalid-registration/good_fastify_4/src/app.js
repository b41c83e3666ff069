const fastify = require('fastify');

const app = fastify();

app.decorateRequest('seen', []);
app.get('/me', async () => ({}));
app.listen(3000);
