const app = require('express')();

app.use((req, res, next) => {
  req.query = { limit: 20, ...req.query };
  next();
});
