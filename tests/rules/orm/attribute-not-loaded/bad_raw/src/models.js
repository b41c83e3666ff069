const { Sequelize, DataTypes } = require('sequelize');

const sequelize = new Sequelize(process.env.DATABASE_URL, { dialect: 'postgres' });
const Reader = sequelize.define(
  'Reader',
  {
    name: DataTypes.STRING,
    card: DataTypes.STRING,
    pinHash: { type: DataTypes.STRING, field: 'pin_hash' },
    label: { type: DataTypes.VIRTUAL, get() { return `${this.name} (${this.card})`; } },
  },
  { defaultScope: { attributes: { exclude: ['pinHash'] } }, scopes: { withPin: {} } }
);
const Loan = sequelize.define('Loan', {
  readerId: DataTypes.INTEGER,
  dueAt: { type: DataTypes.DATE, field: 'due_at' },
  title: DataTypes.STRING,
});
Loan.belongsTo(Reader, { as: 'reader', foreignKey: 'readerId' });
Reader.hasMany(Loan, { as: 'loans', foreignKey: 'readerId' });

module.exports = { sequelize, Reader, Loan };
