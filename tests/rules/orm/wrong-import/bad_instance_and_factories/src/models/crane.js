const { sequelize } = require('../database');

const Crane = sequelize.define('Crane', {
  reach: sequelize.DataTypes.INTEGER, // expect: orm/wrong-import
});

module.exports = Crane;
