const { DataTypes } = require('sequelize');
const { sequelize } = require('../database');
const { Op } = sequelize; // expect: orm/wrong-import

const Berth = require('./berth')(DataTypes, sequelize); // expect: orm/wrong-import
const Pilot = require('./pilot')(sequelize); // expect: orm/wrong-import

module.exports = { Berth, Pilot, Op };
