function page(req, res, next) {
  req.query = { limit: 20, ...req.query }; // expect: express/read-only-query
  next();
}

const validate = (source) => (req, res, next) => {
  req[source] = Object.freeze({ ...req[source] }); // expect: express/read-only-query
  next();
};

module.exports = { page, validate };
