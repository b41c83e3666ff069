const { Sequelize, DataTypes } = require('sequelize');

const sequelize = new Sequelize({ dialect: 'sqlite', storage: 'shop.db' });
const User = sequelize.define('User', { email: DataTypes.STRING, passwordHash: DataTypes.STRING });

module.exports = { sequelize, User };
