const { DataTypes } = require('sequelize');

module.exports = (sequelize) => {
  const Mill = sequelize.define('Mill', { name: DataTypes.STRING, code: DataTypes.STRING });
  Mill.beforeValidate((mill) => {
    mill.code = mill.name.toLowerCase();
  });
  return Mill;
};
