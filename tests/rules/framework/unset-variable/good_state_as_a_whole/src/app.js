const Koa = require('koa');
const Router = require('@koa/router');

const router = new Router();

async function identify(ctx, next) {
  ctx.state = { ...ctx.state, user: { name: ctx.get('x-user') } };
  await next();
}

router.get('/me', identify, async (ctx) => {
  ctx.body = { name: ctx.state.user.name };
});

const app = new Koa();
app.use(router.routes());
app.listen(3000);
