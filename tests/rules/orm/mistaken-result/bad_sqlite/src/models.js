const { Sequelize, DataTypes } = require('sequelize');

const sequelize = new Sequelize(process.env.DATABASE_URL, { dialect: 'sqlite' });
const Crate = sequelize.define('Crate', { shelf: DataTypes.STRING, weight: DataTypes.INTEGER });

module.exports = { sequelize, Crate };
