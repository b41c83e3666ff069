import Koa from 'koa';
import Router from '@koa/router';

const router = new Router({ prefix: '/api' });
router.get('order', '/orders/:id', (ctx) => { ctx.body = { id: ctx.params.id }; });
router.all('/(.*)', (ctx) => { ctx.status = 404; }); // expect: framework/path-syntax

new Koa().use(router.routes()).listen(3000);
