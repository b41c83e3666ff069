module.exports = (sequelize, DataTypes) =>
  sequelize.define('Book', { title: DataTypes.STRING });
