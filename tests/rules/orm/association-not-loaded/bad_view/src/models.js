const { DataTypes, Sequelize } = require('sequelize');

const sequelize = new Sequelize(process.env.DATABASE_URL);

const Captain = sequelize.define('Captain', { name: DataTypes.STRING, rank: DataTypes.STRING });
const Port = sequelize.define('Port', { name: DataTypes.STRING });
const Ship = sequelize.define('Ship', { name: DataTypes.STRING, tons: DataTypes.INTEGER });
const Voyage = sequelize.define('Voyage', { code: DataTypes.STRING });

Ship.belongsTo(Captain, { as: 'captain', foreignKey: 'captainId' });
Ship.hasMany(Voyage, { as: 'voyages', foreignKey: 'shipId' });
Voyage.belongsTo(Ship, { as: 'ship', foreignKey: 'shipId' });
Voyage.belongsTo(Port, { as: 'port', foreignKey: 'portId' });

module.exports = { sequelize, Captain, Port, Ship, Voyage };
