exports.trace = async function trace(ctx, work) {
  ctx.set('X-Trace', '1');
  if (work) await work();
};
