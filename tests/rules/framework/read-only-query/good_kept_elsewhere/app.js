const app = require('express')();

const validate = (source) => (req, res, next) => {
  req[source] = { ...req[source] };
  next();
};

app.use((req, res, next) => {
  const query = { limit: 20, ...req.query };
  query.offset = 0;
  res.locals.query = query;
  req.page = query;
  next();
});
app.post('/orders', validate('body'), (req, res) => res.json(req.body));

function build(request, filters) {
  request.query = filters;
  return request;
}

module.exports = { app, build };
