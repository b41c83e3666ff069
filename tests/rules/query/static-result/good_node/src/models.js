const { Sequelize, DataTypes } = require('sequelize');

const sequelize = new Sequelize({ dialect: 'sqlite', storage: 'harbour.db' });
const Ship = sequelize.define('Ship', { name: DataTypes.STRING });
const Crew = sequelize.define('Crew', { name: DataTypes.STRING });
const Berth = sequelize.define('Berth', { dock: DataTypes.STRING });
const Cargo = sequelize.define('Cargo', { weight: DataTypes.INTEGER });

module.exports = { sequelize, Ship, Crew, Berth, Cargo };
