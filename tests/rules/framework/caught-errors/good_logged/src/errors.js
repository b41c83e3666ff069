async function answerErrors(c, next) {
  try {
    await next();
  } catch (err) {
    console.error(err);
    throw err;
  }
}

module.exports = { answerErrors };
