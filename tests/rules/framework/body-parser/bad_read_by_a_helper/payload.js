function part(ctx, key) {
  const value = ctx.request.body ? ctx.request.body[key] : undefined;
  if (!value) throw new Error(`${key} is missing`);
  return value;
}

module.exports = { part };
