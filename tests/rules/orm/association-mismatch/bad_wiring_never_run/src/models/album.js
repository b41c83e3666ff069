module.exports = (sequelize, DataTypes) => {
  const Album = sequelize.define('Album', { title: DataTypes.STRING });
  Album.associate = (models) => {
    Album.belongsTo(models.Artist, { as: 'artist', foreignKey: 'artistId' }); // expect: orm/association-mismatch
  };
  return Album;
};
