class Missing extends Error {}

async function answerErrors(ctx, next) {
  try {
    await next();
  } catch (error) {
    ctx.status = error instanceof Missing ? 404 : 500;
    ctx.body = { message: error.message };
  }
}

module.exports = { Missing, answerErrors };
