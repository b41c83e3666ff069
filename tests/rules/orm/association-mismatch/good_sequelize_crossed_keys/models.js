const { Sequelize, DataTypes } = require('sequelize');

const sequelize = new Sequelize('sqlite:harbour.db');
const Sailor = sequelize.define('Sailor', { name: DataTypes.STRING });
const Boat = sequelize.define('Boat', { label: DataTypes.STRING });
const Crew = sequelize.define('Crew', { sailorId: DataTypes.INTEGER, boatId: DataTypes.INTEGER });
const Friend = sequelize.define('Friend', { oneId: DataTypes.INTEGER, otherId: DataTypes.INTEGER });

Sailor.belongsToMany(Boat, { through: Crew, foreignKey: 'sailorId', otherKey: 'boatId', as: 'boats' });
Boat.belongsToMany(Sailor, { through: Crew, foreignKey: 'boatId', otherKey: 'sailorId', as: 'sailors' });
Sailor.belongsToMany(Sailor, { through: Friend, foreignKey: 'oneId', otherKey: 'otherId', as: 'friends' });
Sailor.belongsToMany(Sailor, { through: Friend, foreignKey: 'otherId', otherKey: 'oneId', as: 'admirers' });

module.exports = { Sailor, Boat, Crew, Friend };
