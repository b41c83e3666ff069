const Sequelize = require('sequelize');
const { sequelize } = require('../database');

const Ship = require('./ship')(sequelize, Sequelize.DataTypes);
const Berth = require('./berth')(sequelize, Sequelize);
const Pilot = require('./pilot')(sequelize, sequelize.Sequelize.DataTypes);
const { Op } = sequelize.Sequelize;

module.exports = { Ship, Berth, Pilot, Op };
