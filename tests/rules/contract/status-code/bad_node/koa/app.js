const Koa = require('koa');
const Router = require('@koa/router');

const router = new Router();
router.get('/crews', (ctx) => { ctx.body = []; });
router.post('/crews', (ctx) => {
  ctx.body = { name: ctx.request.body.name }; // expect: contract/status-code
});

const app = new Koa();
app.use(async (ctx, next) => {
  try {
    await next();
  } catch (error) {
    ctx.status = error.status || 500;
  }
});
app.use(router.routes());
