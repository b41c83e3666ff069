async function feed(app) {
  app.get('/feed', list); // expect: fastify/duplicate-route
  app.post('/feed', list);
}

async function list() {
  return [];
}

module.exports = feed;
