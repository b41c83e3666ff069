const { Sequelize, DataTypes } = require('sequelize');

const sequelize = new Sequelize(process.env.DATABASE_URL, { dialect: 'postgres' });
const Crate = sequelize.define('Crate', { shelf: DataTypes.STRING, weight: DataTypes.INTEGER });

module.exports = { sequelize, Crate };
