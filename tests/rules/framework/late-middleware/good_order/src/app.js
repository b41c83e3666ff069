const express = require('express');
const { tenantOf } = require('./tenants');

const app = express();

app.get('/health', (req, res) => res.send('ok'));
app.use((req, res, next) => {
  req.tenant = tenantOf(req.hostname);
  next();
});
app.get('/notes', (req, res, next) => {
  res.locals.answer = { tenant: req.tenant.id };
  next();
});
app.get('/tags', (req, res) => res.json(req.started));
app.use((req, res, next) => {
  res.locals.sent = true;
  res.json(res.locals.answer);
  next();
});
app.use((req, res) => res.status(404).json({ error: 'nothing here' }));
app.use((error, req, res, next) => {
  req.started = false;
  next(error);
});
app.listen(3000);
