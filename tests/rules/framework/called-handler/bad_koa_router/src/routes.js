const Router = require('@koa/router');

const orders = new Router();
orders.get('/', (ctx) => {
  ctx.body = [];
});

const router = new Router();
router.use('/orders', orders.routes(), orders.allowedMethods());

module.exports = router;
