const Router = require('@koa/router');
const loanService = require('../services/loans');

const router = new Router({ prefix: '/loans' });
router.get('/', async (ctx) => {
  ctx.body = { loans: await loanService.list(ctx) };
});
router.get('/:id', async (ctx) => {
  ctx.body = { loan: await loanService.read({ params: ctx.params, query: ctx.query }) };
});

module.exports = router;
