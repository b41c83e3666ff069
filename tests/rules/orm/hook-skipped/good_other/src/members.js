const { Sequelize, DataTypes } = require('sequelize');
const { hash } = require('./hash');

const sequelize = new Sequelize(process.env.DATABASE_URL, { dialect: 'postgres' });
const Member = sequelize.define(
  'Member',
  { name: DataTypes.STRING, pin: DataTypes.STRING },
  { hooks: { async beforeSave(member) { member.pin = await hash(member.pin); }, beforeBulkUpdate: (options) => guard(options) } }
);

exports.change = async function change(id, { name, pin }) {
  const values = {};
  if (name !== undefined) values.name = name;
  if (pin !== undefined) values.pin = pin;
  await Member.update(values, { where: { id } });
};
