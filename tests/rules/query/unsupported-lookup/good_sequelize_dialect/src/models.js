const { Sequelize, DataTypes } = require('sequelize');

const sequelize = new Sequelize(process.env.DATABASE_URL, { dialect: 'postgres' });
exports.Customer = sequelize.define('Customer', { name: DataTypes.STRING });
