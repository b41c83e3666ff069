const express = require('express');
const tickets = require('../routes/ticketRoutes');
const people = require('../routes/personRoutes');

function start() {
  const app = express();
  app.use('/tickets', tickets);
  app.use('/people', people);
  return app.listen(3000);
}

module.exports = { start };
