const Router = require('@koa/router');
const finesService = require('../services/fines');

const router = new Router({ prefix: '/fines' });
router.get('/', async (ctx) => {
  ctx.body = { fines: await finesService.list(ctx.query.name) };
});

module.exports = router;
