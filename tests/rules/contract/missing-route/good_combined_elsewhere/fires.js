const Router = require('@koa/router');

const router = new Router({ prefix: '/fires' });
router.get('/', (ctx) => { ctx.body = []; });

module.exports = router;
