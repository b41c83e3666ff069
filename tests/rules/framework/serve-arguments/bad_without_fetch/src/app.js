const { Hono } = require('hono');

function createApp() {
  const app = new Hono();
  app.get('/orders', (c) => c.json([]));
  return app;
}

module.exports = createApp;
