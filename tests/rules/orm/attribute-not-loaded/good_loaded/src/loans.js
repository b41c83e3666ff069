const { Reader, Loan, sequelize } = require('./models');

async function isPin(id, hash) {
  const reader = await Reader.scope('withPin').findByPk(id);
  return reader !== null && reader.pinHash === hash;
}

async function isPinToo(id, hash) {
  const reader = await Reader.unscoped().findByPk(id);
  return reader.pinHash === hash;
}

async function due(readerId) {
  const rows = await Loan.findAll({ where: { readerId }, attributes: ['id', ['due_at', 'dueAt']], limit: 50 });
  return rows.map((row) => [row.id, row.dueAt]);
}

async function counted() {
  const rows = await Loan.findAll({
    attributes: ['title', [sequelize.fn('COUNT', sequelize.col('id')), 'readerId']],
    group: ['title'],
    limit: 50,
  });
  return rows.map((row) => ({ title: row.title, readers: row.readerId }));
}

async function label(id) {
  const reader = await Reader.findByPk(id, { attributes: ['name', 'card'] });
  return reader.label;
}

async function given(id, names) {
  const loan = await Loan.findByPk(id, { attributes: names });
  return loan.dueAt;
}

async function more(id) {
  const loan = await Loan.findByPk(id, { attributes: { include: ['dueAt'] } });
  return loan.title;
}

async function again(id) {
  const loan = await Loan.findByPk(id, { attributes: ['id'] });
  await loan.reload({ attributes: ['title'] });
  return loan.title;
}

async function set(id) {
  const loan = await Loan.findByPk(id, { attributes: ['id'] });
  loan.title = 'unknown';
  return loan.title;
}

module.exports = { isPin, isPinToo, due, counted, label, given, more, again, set };
