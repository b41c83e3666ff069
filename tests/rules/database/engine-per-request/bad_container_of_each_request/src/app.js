const express = require('express');
const { createContainer } = require('./container');

const config = { url: process.env.DATABASE_URL };
const app = express();
app.use((req, res, next) => {
  req.services = createContainer(config);
  next();
});
app.get('/docks', async (req, res) => {
  res.json(await req.services.docks.all());
});
app.listen(3000);
