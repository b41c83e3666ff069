const Router = require('@koa/router');

function millRoutes(mills) {
  const router = new Router();
  router.get('/mills/:code', async (ctx) => {
    ctx.body = await mills.find(ctx.params.code);
  });
  router.post('/mills', async (ctx) => {
    ctx.status = 201;
    ctx.body = await mills.open(ctx.request.body.name);
  });
  return router;
}

module.exports = { millRoutes };
