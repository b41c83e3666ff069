const Router = require('@koa/router');
const Koa = require('koa');

const router = new Router();

router.get('/orders', async (ctx) => {
  const user = ctx.user || 'nobody';
  ctx.res.statusCode = 200;
  ctx.set('X-User', ctx.session?.user ?? user);
  ctx.body = { host: ctx.req.headers.host };
});

const app = new Koa();
app.use(router.routes());
app.listen(3000);
