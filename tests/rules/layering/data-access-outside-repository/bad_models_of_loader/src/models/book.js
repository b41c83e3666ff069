module.exports = (sequelize, DataTypes) =>
  sequelize.define('Book', {
    title: { type: DataTypes.STRING },
    shelf: { type: DataTypes.STRING },
  });
