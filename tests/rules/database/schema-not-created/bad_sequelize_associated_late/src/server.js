const express = require('express');
const { Bottle, associate, sequelize } = require('./models');

async function main() {
  await sequelize.sync();
  associate(); // expect: database/schema-not-created
  const app = express();
  app.get('/bottles', async (req, res) => res.json(await Bottle.findAll({ limit: 50 })));
  app.listen(3000);
}

main();
