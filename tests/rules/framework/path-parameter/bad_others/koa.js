import Koa from 'koa';
import Router from '@koa/router';

const router = new Router({ prefix: '/orders' });
router.get('/:id', (ctx) => {
  ctx.body = ctx.params.slug; // expect: framework/path-parameter
});
export const app = new Koa().use(router.routes());
