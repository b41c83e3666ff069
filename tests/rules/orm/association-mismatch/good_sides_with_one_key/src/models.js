const { Sequelize, DataTypes } = require('sequelize');

const sequelize = new Sequelize('sqlite:library.db');

const Book = sequelize.define('Book', { title: DataTypes.STRING });
const Copy = sequelize.define('Copy', { shelf: DataTypes.STRING });
const Reader = sequelize.define('Reader', { name: DataTypes.STRING });
const Loan = sequelize.define('Loan', { until: DataTypes.DATEONLY });

Book.hasMany(Copy);
Copy.belongsTo(Book);
Reader.hasMany(Copy, { as: 'held', foreignKey: 'holderId' });
Copy.belongsTo(Reader, { as: 'holder' });
// two relations, both stored
Reader.hasMany(Loan);
Loan.belongsTo(Reader, { as: 'guarantor' });

module.exports = { sequelize, Book, Copy, Reader, Loan };
