const express = require('express');
const { tenantOf } = require('./tenants');

const app = express();

app.get('/notes', (req, res) => {
  res.json({ tenant: req.tenant.id });
});
app.use((req, res, next) => { // expect: framework/late-middleware
  req.tenant = tenantOf(req.hostname);
  next();
});
app.listen(3000);
