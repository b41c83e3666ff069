const { serve } = require('@hono/node-server');

const createApp = require('./app');

const app = createApp();
serve({ app, port: 3000 }); // expect: hono/serve-arguments
serve({ fetch: createApp, port: 3001 }); // expect: hono/serve-arguments
