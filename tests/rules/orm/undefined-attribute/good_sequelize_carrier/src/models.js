const { Sequelize, DataTypes } = require('sequelize');

const sequelize = new Sequelize('sqlite:club.db');
const Member = sequelize.define('Member', { email: DataTypes.STRING, hash: DataTypes.STRING });

module.exports = { sequelize, Member };
