const Koa = require('koa');
const Router = require('@koa/router');

const router = new Router();
router.get('/orders/:id(\\d+)', (ctx) => { ctx.body = { id: ctx.params.id }; });
router.get('/files/:path*', (ctx) => { ctx.body = ctx.params.path; });
router.all('*', (ctx) => { ctx.status = 404; }); // expect: framework/path-syntax

new Koa().use(router.routes()).listen(3000);
