const Koa = require('koa');
const { crateRoutes } = require('./routes');

const app = new Koa();
const router = crateRoutes();
app.use(router.routes());
app.use(router.allowedMethods());

module.exports = app;
