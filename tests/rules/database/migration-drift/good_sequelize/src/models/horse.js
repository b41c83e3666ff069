module.exports = (sequelize, DataTypes) =>
  sequelize.define('Horse', {
    name: DataTypes.STRING,
    birthYear: DataTypes.INTEGER,
    stallNumber: DataTypes.INTEGER,
    label: { type: DataTypes.VIRTUAL },
  }, { tableName: 'horses' });
