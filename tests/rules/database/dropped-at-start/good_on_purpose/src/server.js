const express = require('express');
const { Sack, connect } = require('./models');

const app = express();

app.get('/sacks', async (req, res) => {
  res.json(await Sack.findAll({ limit: 20 }));
});

async function start() {
  await connect();
  app.listen(3000);
}

start();
