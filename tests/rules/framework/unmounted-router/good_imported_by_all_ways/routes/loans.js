function addLoans(router) {
  router.get('/loans', (ctx) => {
    ctx.body = [];
  });
}

module.exports = { addLoans };
