const Koa = require('koa');
const Router = require('@koa/router');

const router = new Router();
router.post('/orders', (ctx) => { ctx.body = { title: ctx.request.body.title }; });

const app = new Koa();
app.use(async (ctx, next) => {
  const parts = [];
  for await (const part of ctx.req) parts.push(part);
  ctx.request.body = JSON.parse(Buffer.concat(parts).toString());
  await next();
});
app.use(router.routes());

module.exports = app;
