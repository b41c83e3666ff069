const { Sequelize, DataTypes } = require('sequelize');

const sequelize = new Sequelize(process.env.DATABASE_URL);

const Book = sequelize.define('Book', {
  title: DataTypes.STRING,
  shelf: DataTypes.STRING,
  lent: DataTypes.BOOLEAN,
});

module.exports = { sequelize, Book };
