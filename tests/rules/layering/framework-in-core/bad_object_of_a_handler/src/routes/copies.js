const Router = require('@koa/router');
const copiesService = require('../services/copies');

const router = new Router({ prefix: '/copies' });
router.get('/', async (ctx) => {
  ctx.body = { copies: await copiesService.list(ctx.query.name) };
});

module.exports = router;
