const Koa = require('koa');
const Router = require('@koa/router');

const router = new Router();

router.get('/orders/:id', async (ctx) => {
  const id = ctx.params.id;
  return { id };
});

const app = new Koa();
app.use(async (ctx, next) => {
  const given = await next();
  if (given !== undefined) {
    ctx.body = given;
  }
});
app.use(router.routes());
app.listen(3000);
