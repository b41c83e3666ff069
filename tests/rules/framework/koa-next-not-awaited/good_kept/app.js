const Koa = require('koa');
const { trace } = require('./trace');

const app = new Koa();
app.use(async (ctx, next) => {
  await next();
});
app.use(async (ctx, next) => {
  return next();
});
app.use((ctx, next) => next());
app.use(async (ctx, next) => (ctx.state.token ? next() : ctx.throw(401)));
app.use(async (ctx, next) => void (await next()));
app.use(async (ctx, next) => {
  await Promise.all([next(), trace(ctx)]);
});
app.use(async (ctx, next) => {
  const rest = next();
  await trace(ctx);
  await rest;
});
app.use(async (ctx, next) => {
  await trace(ctx, () => next());
});
app.use((ctx, next) => {
  next().catch((error) => ctx.app.emit('error', error));
  return trace(ctx);
});
app.use((ctx, next) => {
  ctx.respond = false;
  next();
});
app.listen(3000);
