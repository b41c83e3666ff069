const express = require('./express');
const { token, timing } = require('./token');

module.exports = function middleware(app, bus) {
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
  app.use(timing(), async (ctx, next) => {
    // ruleid: koa-next-not-awaited
    next();
    ctx.set('x-done', '1');
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
  // ok: koa-next-not-awaited
  app.use(async (ctx, next) => next());
  app.use(async function last(ctx, next) {
    // ok: koa-next-not-awaited
    return next();
  });
  // ok: koa-next-not-awaited
  app.use(async (ctx, next) => (ctx.state.token ? next() : ctx.throw(401)));
  // ok: koa-next-not-awaited
  app.use(async (ctx, next) => ctx.state.token && next());
  // ok: koa-next-not-awaited
  app.use(async (ctx, next) => void (await next()));
  app.use(async (ctx, next) => {
    // ok: koa-next-not-awaited
    await Promise.all([next(), timing(ctx)]);
  });
  app.use(async (ctx, next) => {
    // ok: koa-next-not-awaited
    const rest = next();
    await timing(ctx);
    await rest;
  });
  app.use(async (ctx, next) => {
    // ok: koa-next-not-awaited
    await next().catch((error) => ctx.throw(error));
  });
  app.use(async (ctx, next) => {
    return ctx.state.token
      // ok: koa-next-not-awaited
      ? next()
      : ctx.throw(401);
  });
  app.use(async (ctx, next) => {
    // ok: koa-next-not-awaited
    await timing(ctx, () => next());
  });
  app.use(async (ctx, next) => {
    await new Promise((resolve, reject) => {
      timing(ctx, () => {
        // ok: koa-next-not-awaited
        next().then(resolve, reject);
      });
    });
  });
  app.use(async (ctx, next) => {
    const done = timing(ctx, next);
    // ok: koa-next-not-awaited
    await done();
  });
  // the next of an iterator
  app.use(async (ctx, next) => {
    const rows = ctx.rows[Symbol.iterator]();
    // ok: koa-next-not-awaited
    rows.next();
    await next();
  });
  // Express has nothing to await
  express().use(async (req, res, next) => {
    // ok: koa-next-not-awaited
    next();
  });
  bus.use(async (message, next) => {
    // ok: koa-next-not-awaited
    next();
  });
};
