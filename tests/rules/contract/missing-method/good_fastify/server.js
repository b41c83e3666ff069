const fastify = require('fastify')();

fastify.register(require('./clubs'), { prefix: '/clubs' });
fastify.listen({ port: 3000 });
