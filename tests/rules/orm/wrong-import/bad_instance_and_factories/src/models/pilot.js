module.exports = (sequelize, DataTypes) => {
  return sequelize.define('Pilot', { name: DataTypes.STRING });
};
