const Koa = require('koa');
const Router = require('@koa/router');
const { Missing, answerErrors } = require('./errors');

const router = new Router();
router.get('/crates/:id', (ctx) => {
  throw new Missing(`no crate ${ctx.params.id}`);
});

const app = new Koa();
app.use(router.routes());
app.use(answerErrors); // expect: framework/late-middleware

module.exports = app;
