const { Sequelize, DataTypes } = require('sequelize');

const sequelize = new Sequelize({ dialect: 'sqlite', storage: 'library.db' });
const Book = sequelize.define('Book', {
  title: DataTypes.STRING,
  genre: DataTypes.STRING,
  author: DataTypes.STRING,
  shelf: DataTypes.STRING,
}, {
  scopes: { of(genre) { return { where: { genre } }; } },
});
const Tag = sequelize.define('Tag', { name: DataTypes.STRING });
Book.belongsToMany(Tag, { through: 'book_tags', as: 'tags' });

module.exports = { sequelize, Book, Tag };
