const express = require('express');
const { connect } = require('./db');
const { listCrossings } = require('./crossings');

const app = express();

app.get('/crossings', async (req, res, next) => {
  try {
    res.json(await listCrossings());
  } catch (error) {
    next(error);
  }
});

connect().then(() => app.listen(3000));
