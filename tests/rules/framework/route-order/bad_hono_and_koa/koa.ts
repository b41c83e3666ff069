import Koa from 'koa';
import Router from '@koa/router';

const router = new Router({ prefix: '/articles' });
router.get('/:slug', async (ctx) => { ctx.body = ctx.params.slug; });
router.get('/feed', async (ctx) => { ctx.body = []; }); // expect: framework/route-order

export const app = new Koa().use(router.routes());
