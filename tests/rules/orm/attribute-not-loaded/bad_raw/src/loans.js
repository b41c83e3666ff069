const { Reader, Loan } = require('./models');

async function names() {
  const rows = await Loan.findAll({ include: [{ model: Reader, as: 'reader' }], limit: 20, raw: true });
  return rows.map((row) => row.reader.name); // expect: orm/attribute-not-loaded
}

async function prolong(id, days) {
  const loan = await Loan.findByPk(id, { raw: true });
  if (!loan) return null;
  return loan.update({ dueAt: new Date(Date.now() + days * 86400000) }); // expect: orm/attribute-not-loaded
}

module.exports = { names, prolong };
