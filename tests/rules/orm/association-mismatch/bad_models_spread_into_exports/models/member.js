module.exports = (sequelize, DataTypes) => sequelize.define('Member', { name: DataTypes.STRING });
