const { Reader, Loan } = require('./models');

const BRIEF = ['id', 'title'];

async function isPin(id, hash) {
  const reader = await Reader.findByPk(id);
  return reader !== null && reader.pinHash === hash; // expect: orm/attribute-not-loaded
}

async function due(readerId) {
  const rows = await Loan.findAll({ where: { readerId }, attributes: ['id', 'due_at'], limit: 50 });
  return rows.map((row) => [row.id, row.dueAt]); // expect: orm/attribute-not-loaded
}

function toLoan(row) {
  const { id, title, dueAt } = row; // expect: orm/attribute-not-loaded
  return { id, title, dueAt };
}

async function one(id) {
  return toLoan(await Loan.findByPk(id));
}

async function brief(id) {
  const loan = await Loan.findOne({ where: { id }, attributes: BRIEF });
  return loan && toLoan(loan);
}

module.exports = { isPin, due, one, brief };
