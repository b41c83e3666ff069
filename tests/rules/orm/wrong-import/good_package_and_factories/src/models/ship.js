module.exports = (sequelize, DataTypes) => {
  const Ship = sequelize.define('Ship', { name: DataTypes.STRING });
  return Ship;
};
