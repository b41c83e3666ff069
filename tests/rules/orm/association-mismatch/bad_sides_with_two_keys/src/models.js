const { Sequelize, DataTypes } = require('sequelize');

const sequelize = new Sequelize('sqlite:library.db');

const Book = sequelize.define('Book', { title: DataTypes.STRING });
const Copy = sequelize.define('Copy', { shelf: DataTypes.STRING });
const Reader = sequelize.define('Reader', { name: DataTypes.STRING });

Book.hasMany(Copy, { as: 'copies' }); // expect: orm/association-mismatch
Copy.belongsTo(Book, { as: 'book' });
Reader.hasMany(Copy); // expect: orm/association-mismatch
Copy.belongsTo(Reader, { as: 'holder', foreignKey: 'holderId' });

module.exports = { sequelize, Book, Copy, Reader };
