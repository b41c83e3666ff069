const { DataTypes, Model } = require('sequelize');

class Cargo extends Model {
  static configure(sequelize) {
    return this.init({ weight: DataTypes.INTEGER }, { sequelize });
  }
}

class Crate extends Model {}

module.exports = { Cargo, Crate };
