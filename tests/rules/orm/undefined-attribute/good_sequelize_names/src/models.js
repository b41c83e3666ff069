const { DataTypes, Model, Sequelize } = require('sequelize');

const sequelize = new Sequelize({ dialect: 'sqlite', define: { underscored: true } });

class Customer extends Model {
  set phone(value) {
    this.setDataValue('digits', value.replace(/[^0-9]/g, ''));
  }
}
Customer.init(
  {
    email: DataTypes.STRING,
    digits: DataTypes.STRING,
    secret: DataTypes.STRING,
    password: { type: DataTypes.VIRTUAL },
  },
  {
    sequelize,
    paranoid: true,
    hooks: { beforeCreate: (customer) => { customer.secret = customer.dataValues.pin; } },
  }
);
const Visit = sequelize.define('Visit', { page: DataTypes.STRING });
Visit.belongsTo(Customer);

module.exports = { sequelize, Customer, Visit };
