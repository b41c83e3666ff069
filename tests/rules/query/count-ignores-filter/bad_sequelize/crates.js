const { DataTypes, Sequelize } = require('sequelize');

const sequelize = new Sequelize('sqlite::memory:');
const Crate = sequelize.define('Crate', { shelf: DataTypes.STRING });

async function page(shelf, limit, offset) {
  const crates = await Crate.findAll({ where: { shelf }, limit, offset });
  const total = await Crate.count(); // expect: query/count-ignores-filter
  return { crates, total };
}

module.exports = { page };
