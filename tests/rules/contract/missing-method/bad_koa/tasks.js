const Router = require('@koa/router');

const router = new Router({ prefix: '/tasks' });
router.get('/', (ctx) => { ctx.body = []; });
router.post('/:id/done', (ctx) => { ctx.body = { done: true }; }); // expect: contract/missing-method

module.exports = router;
