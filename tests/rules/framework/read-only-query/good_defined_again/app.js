const app = require('express')();

app.use((req, res, next) => {
  Object.defineProperty(req, 'query', { ...Object.getOwnPropertyDescriptor(req, 'query'), value: req.query, writable: true });
  next();
});
app.use((req, res, next) => {
  req.query = { limit: 20, ...req.query };
  next();
});
