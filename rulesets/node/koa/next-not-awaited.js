const { token } = require('./token');

module.exports = function middleware(app) {
  app.use(async (ctx, next) => {
    ctx.state.token = token(ctx);
    // ruleid: koa-next-not-awaited
    next();
  });
  app.use(async function guard(ctx, next) {
    if (ctx.state.token) {
      // ruleid: koa-next-not-awaited
      next();
    }
  });
  app.use(async (ctx, next) => {
    // ok: koa-next-not-awaited
    await next();
  });
  app.use(async (ctx, next) => {
    // ok: koa-next-not-awaited
    return next();
  });
  // ok: koa-next-not-awaited
  app.use((ctx, next) => next());
};
