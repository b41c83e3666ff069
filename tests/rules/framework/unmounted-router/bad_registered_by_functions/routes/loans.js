function addLoans(router) {
  router.get('/loans', (ctx) => { // expect: framework/unmounted-router
    ctx.body = [];
  });
}

module.exports = { addLoans };
