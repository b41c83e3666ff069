const express = require('express');
const Sentry = require('@sentry/node');

const app = express();
app.use((err, req, res, next) => next(err));
app.get('/', (req, res) => res.json([]));
app.use((request, response, next) => next());
app.use(Sentry.expressErrorHandler());

module.exports = app;
