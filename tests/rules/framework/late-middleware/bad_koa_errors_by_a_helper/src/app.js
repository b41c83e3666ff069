const Koa = require('koa');
const Router = require('@koa/router');

const router = new Router();

router.get('/orders', async (ctx) => {
  ctx.body = [];
});

function fail(ctx, status, message) {
  ctx.status = status;
  ctx.body = { message };
}

async function answerErrors(ctx, next) {
  try {
    await next();
  } catch (err) {
    fail(ctx, err.status || 500, err.message);
  }
}

const app = new Koa();
app.use(router.routes());
app.use(answerErrors); // expect: framework/late-middleware
app.listen(3000);
