const { Sequelize, DataTypes } = require('sequelize');

const sequelize = new Sequelize(process.env.DATABASE_URL, { dialect: 'postgres' });
const Trade = sequelize.define('Trade', { title: { type: DataTypes.STRING, unique: true } });
const Stall = sequelize.define('Stall', { owner: DataTypes.STRING });

Stall.belongsToMany(Trade, { as: 'trades', through: 'stall_trades' });
Trade.belongsToMany(Stall, { as: 'stalls', through: 'stall_trades' });

module.exports = { sequelize, Stall, Trade };
