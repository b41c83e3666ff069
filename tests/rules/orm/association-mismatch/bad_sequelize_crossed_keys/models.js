const { Sequelize, DataTypes } = require('sequelize');

const sequelize = new Sequelize('sqlite:harbour.db');
const Sailor = sequelize.define('Sailor', { name: DataTypes.STRING });
const Boat = sequelize.define('Boat', { label: DataTypes.STRING });
const Crew = sequelize.define('Crew', { sailorId: DataTypes.INTEGER, boatId: DataTypes.INTEGER });

Sailor.belongsToMany(Boat, { through: Crew, foreignKey: 'sailorId', otherKey: 'boatId', as: 'boats' });
Boat.belongsToMany(Sailor, { through: Crew, foreignKey: 'sailorId', otherKey: 'boatId', as: 'sailors' }); // expect: orm/association-mismatch

module.exports = { Sailor, Boat, Crew };
