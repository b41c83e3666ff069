export const anybody = async (c, next) => {
  c.set('viewer', c.req.header('X-Reader') ?? null);
  await next();
};

export const member = async (c, next) => {
  const reader = c.req.header('X-Reader');
  if (!reader) {
    return c.text('who are you?', 401);
  }
  c.set('reader', reader);
  await next();
};
