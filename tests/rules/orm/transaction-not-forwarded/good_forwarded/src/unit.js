const { sequelize } = require('./models');

function inTransaction(work) {
  return sequelize.transaction({ isolationLevel: 'SERIALIZABLE' }, (transaction) => work(transaction));
}

module.exports = { inTransaction };
