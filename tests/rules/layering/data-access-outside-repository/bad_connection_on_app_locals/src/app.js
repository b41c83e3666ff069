const express = require('express');
const tickets = require('./routes/ticketRoutes');
const people = require('./routes/personRoutes');

const db = require('./database');

const app = express();
app.locals.db = db;
app.use('/tickets', tickets);
app.use('/people', people);

module.exports = app;
