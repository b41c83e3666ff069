const Router = require('@koa/router');

function crateRoutes() {
  const router = new Router({ prefix: '/crates' });
  router.get('/', (ctx) => {
    ctx.body = [];
  });
  return router;
}

module.exports = { crateRoutes };
