const { DataTypes, Model } = require('sequelize');
const { sequelize } = require('../database');

class Cargo extends Model {}
class Crate extends Model {}

Crate.init({ weight: DataTypes.INTEGER }, { sequelize });

module.exports = { Cargo, Crate };
