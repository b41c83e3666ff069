const Koa = require('koa');
const Router = require('@koa/router');

const router = new Router();

router.post('/orders', async (ctx) => {
  ctx.body = checked(ctx.request.body);
});

function checked(body) {
  if (!body || typeof body.name !== 'string') {
    throw new Error('a name is needed');
  }
  return { name: body.name };
}

const app = new Koa(); // expect: framework/body-parser
app.use(router.routes());
app.listen(3000);
