const { Sequelize, DataTypes } = require('sequelize');

const sequelize = new Sequelize('mysql://localhost/quarry');
const Stone = sequelize.define('Stone', { colour: DataTypes.STRING });

module.exports = { sequelize, Stone };
