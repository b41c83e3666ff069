const Koa = require('koa');
const Router = require('@koa/router');

const router = new Router();
router.post('/orders', async (ctx) => {
  const { title } = ctx.request.body;
  ctx.body = { title };
});

const app = new Koa(); // expect: framework/body-parser
app.use(router.routes()).use(router.allowedMethods());

module.exports = app;
