module.exports = (sequelize, DataTypes) => {
  const Artist = sequelize.define('Artist', { name: DataTypes.STRING });
  return Artist;
};
