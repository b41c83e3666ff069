import Koa from 'koa';
import Router from '@koa/router';

const timed = (limit) => async (ctx, next) => {
  const begin = Date.now();
  await next();
  ctx.set('X-Slow', String(Date.now() - begin > limit));
};

const app = new Koa();
const router = new Router();
router.get('/bridges', timed, (ctx) => { // expect: framework/called-handler
  ctx.body = [];
});
app.use(timed(100));
app.use(router.routes());
app.listen(3000);
