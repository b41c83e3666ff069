const { Sequelize, DataTypes } = require('sequelize');

const sequelize = new Sequelize({ dialect: 'sqlite', storage: 'shop.db' });

const User = sequelize.define('User', {
  email: { type: DataTypes.STRING, allowNull: false, unique: true },
  locale: { type: DataTypes.STRING, allowNull: false },
});

module.exports = { sequelize, User };
