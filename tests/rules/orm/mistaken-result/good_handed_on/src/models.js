const { DataTypes, Sequelize } = require('sequelize');

const sequelize = new Sequelize({ dialect: 'sqlite', storage: process.env.DB_FILE });

const Member = sequelize.define('Member', {
  email: { type: DataTypes.STRING, unique: true },
  nick: DataTypes.STRING,
});

module.exports = { sequelize, Member };
