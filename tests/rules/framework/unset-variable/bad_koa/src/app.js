import Router from '@koa/router';
import Koa from 'koa';
import { lend, loansOf } from './loans.js';

async function member(ctx, next) {
  ctx.state.reader = ctx.get('X-Reader');
  ctx.assert(ctx.state.reader, 401);
  await next();
}

const router = new Router();

router.get('/loans', member, (ctx) => {
  ctx.body = loansOf(ctx.state.reader);
});

router.post('/loans/:book', (ctx) => {
  lend(ctx.params.book, ctx.state.reader); // expect: framework/unset-variable
  ctx.status = 204;
});

const app = new Koa();
app.use(router.routes());
app.listen(3000);
