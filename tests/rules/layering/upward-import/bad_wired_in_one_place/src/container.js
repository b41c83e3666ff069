const { Sequelize } = require('sequelize');
const defineMill = require('./models/mill');
const { MillRepository } = require('./repositories/millRepository');
const { MillService } = require('./services/millService');
const { millRoutes } = require('./routes/mills');

function createContainer(url) {
  const sequelize = new Sequelize(url);
  const Mill = defineMill(sequelize);
  const mills = new MillService(new MillRepository({ Mill }));
  return { routes: millRoutes(mills) };
}

module.exports = { createContainer };
