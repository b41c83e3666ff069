module.exports = (sequelize, DataTypes) => {
  const Feature = sequelize.define('Feature', { name: DataTypes.STRING });
  Feature.associate = function associate(models) {
    Feature.belongsToMany(models.Room, { through: 'room_features' });
  };
  return Feature;
};
