const { Sequelize, DataTypes } = require('sequelize');
const { hash } = require('./hash');

const sequelize = new Sequelize(process.env.DATABASE_URL, { dialect: 'postgres' });
const Member = sequelize.define(
  'Member',
  { name: DataTypes.STRING, pin: DataTypes.STRING },
  {}
);

Member.addHook('beforeUpdate', 'hash', async (row) => {
  row.pin = await hash(row.pin);
});

exports.change = async function change(id, { name, pin }) {
  const values = {};
  if (name !== undefined) values.name = name;
  if (pin !== undefined) values.pin = pin;
  await Member.update(values, { where: { id } }); // expect: orm/hook-skipped
};
