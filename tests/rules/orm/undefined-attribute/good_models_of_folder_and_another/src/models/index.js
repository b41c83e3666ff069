const fs = require('fs');
const path = require('path');
const { Sequelize, DataTypes } = require('sequelize');
const { makeTrail } = require('../trail');

const sequelize = new Sequelize(process.env.DATABASE_URL);
const models = {};

fs.readdirSync(__dirname)
  .filter((file) => file !== 'index.js')
  .forEach((file) => {
    const model = require(path.join(__dirname, file))(sequelize, DataTypes);
    models[model.name] = model;
  });

const trail = makeTrail(sequelize, DataTypes);
models[trail.name] = trail;

module.exports = models;
