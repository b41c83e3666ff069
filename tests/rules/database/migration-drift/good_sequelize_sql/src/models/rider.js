module.exports = (sequelize, DataTypes) =>
  sequelize.define('Rider', { name: DataTypes.STRING }, { tableName: 'riders' });
