const Koa = require('koa');
const { crateRoutes } = require('./routes');

const app = new Koa();
const router = crateRoutes();
app.use(router.routes); // expect: framework/unbound-handler
app.use(router.allowedMethods());

module.exports = app;
