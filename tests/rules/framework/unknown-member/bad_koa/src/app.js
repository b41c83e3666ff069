const Router = require('@koa/router');
const bodyParser = require('koa-bodyparser');
const Koa = require('koa');

const router = new Router();

router.post('/orders', async (ctx) => {
  const { lines } = ctx.req.body; // expect: framework/unknown-member
  ctx.status(201); // expect: framework/unknown-member
  ctx.body = { lines };
});

router.get('/orders', async (ctx) => {
  ctx.res.json([]); // expect: framework/unknown-member
});

router.get('/me', async (ctx) => {
  ctx.body = { token: ctx.headers.get('authorization') }; // expect: framework/unknown-member
});

const app = new Koa();
app.use(bodyParser());
app.use(router.routes());
app.listen(3000);
