const { QueryTypes } = require('sequelize');
const { sequelize } = require('./models');

async function owners(title) {
  const rows = await sequelize.query('SELECT owner FROM "Stalls" WHERE title = :title', {
    replacements: { title },
    type: QueryTypes.SELECT,
  });
  return rows.map((row) => row.owner);
}

async function total() {
  const [rows] = await sequelize.query('SELECT count(*) AS total FROM "Stalls"');
  return Number(rows[0].total);
}

async function first() {
  const result = await sequelize.query('SELECT owner FROM "Stalls"');
  return result[0].map((row) => row.owner);
}

async function both() {
  const result = await sequelize.query('SELECT owner FROM "Stalls"');
  return { rows: result[0], many: result[1].rowCount };
}

async function given(options) {
  const rows = await sequelize.query('SELECT owner FROM "Stalls"', options);
  return rows.map((row) => row.owner);
}

async function lists() {
  const result = await sequelize.query('SELECT owner FROM "Stalls"');
  return result.map((part) => part.length);
}

module.exports = { owners, total, first, both, given, lists };
