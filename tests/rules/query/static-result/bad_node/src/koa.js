const Koa = require('koa');
const Router = require('@koa/router');

const router = new Router();

router.get('/cargos', (ctx) => {
  ctx.body = { cargos: [], total: 0 }; // expect: query/static-result
});

module.exports = new Koa().use(router.routes());
