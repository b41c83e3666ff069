const Router = require('@koa/router');
const memberService = require('../services/members');

const router = new Router({ prefix: '/members' });
router.get('/', async (ctx) => {
  ctx.body = { members: await memberService.list(ctx.query.name) };
});

module.exports = router;
