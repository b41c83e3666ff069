function orders(app, options, done) {
  app.get('/', async () => []);
  done();
}

module.exports = orders;
