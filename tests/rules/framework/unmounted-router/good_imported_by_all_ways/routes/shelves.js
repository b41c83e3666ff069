function addShelves(router) {
  router.get('/shelves', (ctx) => {
    ctx.body = [];
  });
}

module.exports = { addShelves };
