const Koa = require('koa');
const Router = require('@koa/router');
const { sequelize } = require('./models');
const sailors = require('./sailors');

const app = new Koa();
const router = new Router();

app.use(async (ctx, next) => {
  ctx.state.sailor = await sailors.byToken(ctx.get('Authorization'));
  if (!ctx.state.sailor) ctx.throw(401);
  await next();
});

router.get('/entries', async (ctx) => {
  ctx.body = await sailors.entries(ctx.state.sailor);
});

app.use(router.routes());
sequelize.sync().then(() => app.listen(3000));
