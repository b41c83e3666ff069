const { Sequelize, DataTypes } = require('sequelize');

const sequelize = new Sequelize(process.env.DATABASE_URL, { dialect: 'postgres' });
const Crate = sequelize.define('Crate', {
  labels: { type: DataTypes.JSONB, defaultValue: {} },
  marks: DataTypes.ARRAY(DataTypes.STRING),
  note: DataTypes.STRING,
});

module.exports = { sequelize, Crate };
