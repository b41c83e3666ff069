const Koa = require('koa');
const Router = require('@koa/router');
const bodyParser = require('koa-bodyparser');

const router = new Router();
router.post('/orders', (ctx) => { ctx.body = { title: ctx.request.body.title }; });

const app = new Koa();
app.use(router.routes());
app.use(router.allowedMethods());
app.use(bodyParser()); // expect: framework/body-parser

module.exports = app;
