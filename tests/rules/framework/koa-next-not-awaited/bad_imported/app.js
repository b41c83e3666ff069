const Koa = require('koa');
const Router = require('@koa/router');
const { timing, guard } = require('./timing');

const app = new Koa();
const router = new Router();

router.get('/loans', guard, async (ctx) => {
  ctx.body = [];
});

app.use(timing);
app.use(async (ctx, next) => {
  ctx.state.token = ctx.get('authorization');
  next(); // expect: framework/koa-next-not-awaited
});
app.use(router.routes());
app.listen(3000);
