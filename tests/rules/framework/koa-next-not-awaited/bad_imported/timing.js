module.exports.timing = async function timing(ctx, next) {
  const start = Date.now();
  next(); // expect: framework/koa-next-not-awaited
  ctx.set('X-Response-Time', `${Date.now() - start}ms`);
};

module.exports.guard = (ctx, next) => {
  if (!ctx.state.member) {
    ctx.throw(401);
  }
  next(); // expect: framework/koa-next-not-awaited
};
