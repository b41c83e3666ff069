const Koa = require('koa');
const Router = require('@koa/router');

const router = new Router();

router.get('/orders/:id', async (ctx) => { // expect: framework/no-answer
  const order = await find(ctx.params.id, ctx.state.user);
  return { order };
});

async function find(id, user) {
  return { id, user };
}

const app = new Koa();
app.use(router.routes());
app.listen(3000);
