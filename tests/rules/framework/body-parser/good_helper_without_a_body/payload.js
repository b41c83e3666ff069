function part(ctx, key) {
  const value = ctx.request.query[key];
  if (!value) throw new Error(`${key} is missing`);
  return value;
}

module.exports = { part };
