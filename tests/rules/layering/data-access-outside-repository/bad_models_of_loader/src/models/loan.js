module.exports = (sequelize, DataTypes) =>
  sequelize.define('Loan', {
    bookId: { type: DataTypes.INTEGER },
    until: { type: DataTypes.DATE },
  });
