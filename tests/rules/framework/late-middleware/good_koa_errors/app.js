const Koa = require('koa');
const Router = require('@koa/router');
const { Missing, answerErrors } = require('./errors');

const router = new Router();
router.get('/crates/:id', (ctx) => {
  throw new Missing(`no crate ${ctx.params.id}`);
});

const pages = new Router();
pages.get('/', (ctx) => {
  throw new Missing('no page');
});

const app = new Koa();
app.use(async (ctx, next) => {
  try {
    await next();
  } catch (error) {
    ctx.status = 500;
  }
});
app.use(router.routes());
app.use(answerErrors);
app.use(pages.routes());

module.exports = app;
