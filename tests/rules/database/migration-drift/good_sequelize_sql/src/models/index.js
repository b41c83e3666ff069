const { DataTypes, Sequelize } = require('sequelize');

const sequelize = new Sequelize(process.env.DATABASE_URL, { define: { underscored: true } });

const Horse = require('./horse')(sequelize, DataTypes);
const Rider = require('./rider')(sequelize, DataTypes);

module.exports = { Horse, Rider, sequelize };
