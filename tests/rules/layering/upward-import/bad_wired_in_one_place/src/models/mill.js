const { DataTypes } = require('sequelize');

module.exports = (sequelize) => {
  const Mill = sequelize.define('Mill', { name: DataTypes.STRING, code: DataTypes.STRING });
  Mill.beforeValidate((mill) => {
    mill.code = require('../services/codes').codeFor(mill.name);  // expect: layering/upward-import
  });
  return Mill;
};
