const Router = require('@koa/router');

const router = new Router({ prefix: '/tents' });
router.get('/', (ctx) => { ctx.body = []; });
router.get('/:id', (ctx) => { ctx.body = { id: ctx.params.id }; });

module.exports = router;
