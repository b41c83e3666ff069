const Koa = require('koa');
const Router = require('@koa/router');

const router = new Router();
router.get('/', (ctx) => { ctx.body = []; });
new Koa().use(router.routes()).listen(3000);
