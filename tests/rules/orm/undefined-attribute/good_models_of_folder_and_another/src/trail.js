function makeTrail(sequelize, DataTypes) {
  return sequelize.define('Trail', { action: DataTypes.STRING });
}

module.exports = { makeTrail };
