const Koa = require('koa');
const Router = require('@koa/router');
const bodyParser = require('koa-bodyparser');
const { part } = require('./payload');

const open = new Router();
open.get('/crates', (ctx) => {
  ctx.body = { label: part(ctx, 'label') };
});

const app = new Koa();
app.use(open.routes());
app.use(bodyParser());

const router = new Router();
router.post('/crates', (ctx) => {
  ctx.body = { label: ctx.request.body.label };
});
app.use(router.routes());

module.exports = app;
