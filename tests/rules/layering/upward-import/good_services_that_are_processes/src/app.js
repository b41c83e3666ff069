const express = require('express');
const tickets = require('./routes/ticketRoutes');
const people = require('./routes/personRoutes');

const app = express();
app.use('/tickets', tickets);
app.use('/people', people);

module.exports = app;
