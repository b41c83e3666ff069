const { Loan } = require('./models');

async function endLoan(memberId, crateId) {
  await Loan.destroy({ where: { memberId } }); // expect: query/unused-key
}

module.exports = { endLoan };
