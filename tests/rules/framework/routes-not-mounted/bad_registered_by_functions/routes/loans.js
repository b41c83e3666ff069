function addLoans(router) {
  router.get('/loans', (ctx) => { // expect: framework/routes-not-mounted
    ctx.body = [];
  });
}

module.exports = { addLoans };
