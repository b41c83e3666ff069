const Router = require('@koa/router');

function loanRoutes({ shelves }) {
  const router = new Router();
  router.get('/loans/:book', async (ctx) => {
    ctx.body = { loan: await shelves.loanOf(ctx.params.book) };
  });
  return router;
}

module.exports = { loanRoutes };
