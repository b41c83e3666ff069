const { Reader, Loan } = require('./models');

async function names() {
  const rows = await Loan.findAll({
    include: [{ model: Reader, as: 'reader' }], limit: 20, raw: true, nest: true,
  });
  return rows.map((row) => row.reader.name);
}

async function flat() {
  const rows = await Loan.findAll({ include: [{ model: Reader, as: 'reader' }], limit: 20, raw: true });
  return rows.map((row) => row['reader.name']);
}

async function prolong(id, days) {
  const found = await Loan.findByPk(id, { raw: true });
  if (!found) return null;
  return Loan.update({ dueAt: new Date(Date.now() + days * 86400000) }, { where: { id: found.id } });
}

async function chosen(id, plain) {
  const loan = plain ? await Loan.findByPk(id, { raw: true }) : await Loan.findByPk(id);
  return plain ? loan : loan.toJSON();
}

module.exports = { names, flat, prolong, chosen };
