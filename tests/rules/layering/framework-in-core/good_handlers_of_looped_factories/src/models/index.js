const { Sequelize, DataTypes } = require('sequelize');

const makers = [require('./book'), require('./loan')];

function openModels(url) {
  const sequelize = new Sequelize(url, { dialect: 'postgres' });
  const models = {};
  makers.forEach((make) => {
    const made = make(sequelize, DataTypes);
    models[made.name] = made;
  });
  return models;
}

module.exports = { openModels };
