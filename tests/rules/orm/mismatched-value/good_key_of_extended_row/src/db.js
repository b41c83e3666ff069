const { Sequelize, DataTypes } = require('sequelize');

const sequelize = new Sequelize(process.env.DATABASE_URL);

const Book = sequelize.define('Book', {
  id: { type: DataTypes.INTEGER, primaryKey: true },
  title: DataTypes.STRING,
});
const Reading = sequelize.define('Reading', {
  bookId: { type: DataTypes.INTEGER, primaryKey: true },
  total: DataTypes.INTEGER,
});

module.exports = { Book, Reading };
