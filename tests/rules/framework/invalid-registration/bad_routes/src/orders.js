function orders(app, options, done) { // expect: fastify/invalid-registration
  app.get('/', async () => []);
}

module.exports = orders;
