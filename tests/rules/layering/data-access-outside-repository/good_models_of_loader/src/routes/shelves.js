const Router = require('@koa/router');

function shelfRoutes({ shelves }) {
  const router = new Router();
  router.get('/shelves/:name', async (ctx) => {
    ctx.body = { books: await shelves.list(ctx.params.name) };
  });
  return router;
}

module.exports = { shelfRoutes };
