const Koa = require('koa');
const Router = require('@koa/router');
const bodyParser = require('koa-bodyparser');
const { part } = require('./payload');

const router = new Router();
router.post('/crates', (ctx) => {
  ctx.body = { label: part(ctx, 'crate').label };
});

const app = new Koa();
app.use(router.routes());
app.use(bodyParser()); // expect: framework/body-parser

module.exports = app;
