function addCrates(router) {
  router.get('/crates', (ctx) => {
    ctx.body = [];
  });
}

module.exports = { addCrates };
