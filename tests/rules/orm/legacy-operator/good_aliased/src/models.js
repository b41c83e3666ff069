const Sequelize = require('sequelize');

const sequelize = new Sequelize(process.env.DATABASE_URL, {
  dialect: 'postgres',
  operatorsAliases: { $gte: Sequelize.Op.gte },
});

const Car = sequelize.define('Car', {
  plate: Sequelize.STRING,
  seats: Sequelize.INTEGER,
  extras: Sequelize.JSONB,
});
const Owner = sequelize.define('Owner', { name: Sequelize.STRING });
Car.belongsTo(Owner, { as: 'owner' });

module.exports = { sequelize, Car, Owner };
