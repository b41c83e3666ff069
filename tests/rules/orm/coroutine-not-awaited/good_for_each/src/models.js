const { Sequelize, DataTypes } = require('sequelize');

const sequelize = new Sequelize(process.env.DATABASE_URL, { dialect: 'postgres' });
const Garden = sequelize.define('Garden', { name: DataTypes.STRING });
const Plant = sequelize.define('Plant', { gardenId: DataTypes.INTEGER, height: DataTypes.INTEGER });

module.exports = { sequelize, Garden, Plant };
