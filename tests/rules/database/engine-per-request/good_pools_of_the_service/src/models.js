const { DataTypes, Sequelize } = require('sequelize');

function loadModels(config) {
  const sequelize = new Sequelize(config.url);
  const Dock = sequelize.define('Dock', { name: DataTypes.STRING });
  return { sequelize, Dock };
}

module.exports = { loadModels };
