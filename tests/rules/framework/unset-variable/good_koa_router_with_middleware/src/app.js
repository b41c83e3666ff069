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

const lending = new Router({ prefix: '/lending' });
lending.use(member);
lending.post('/:book', (ctx) => {
  lend(ctx.params.book, ctx.state.reader);
  ctx.status = 204;
});
router.use(lending.routes());

const app = new Koa();
app.use(router.routes());
app.listen(3000);
