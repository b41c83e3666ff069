async function answerErrors(c, next) {
  try {
    await next();
  } catch (err) {
    return c.json({ message: err.message }, 422);
  }
}

module.exports = { answerErrors };
