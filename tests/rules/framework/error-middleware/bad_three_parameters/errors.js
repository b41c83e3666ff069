function errors(err, req, res) { // expect: express/error-middleware
  res.status(err.status || 500).json({ error: err.message });
}

module.exports = errors;
