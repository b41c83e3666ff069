module.exports = (sequelize, DataTypes) =>
  sequelize.define('Berth', { length: DataTypes.INTEGER });
