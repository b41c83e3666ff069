async function answerErrors(c, next) {
  try {
    await next();
  } catch (err) { // expect: hono/caught-errors
    return c.json({ message: err.message }, 422);
  }
}

module.exports = { answerErrors };
