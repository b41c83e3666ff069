const { Sequelize, DataTypes } = require('sequelize');
const links = require('./links.json');

const sequelize = new Sequelize('postgres://localhost/shop');
const Customer = sequelize.define('Customer', { email: DataTypes.STRING });
const Order = sequelize.define('Order', { number: DataTypes.STRING });

// the associations come out of a file
for (const { from, kind, to, options } of links) {
  sequelize.models[from][kind](sequelize.models[to], options);
}
Order.belongsTo(Customer, options());

module.exports = { sequelize, Customer, Order };
