const Loan = require('../models/loan');

async function find(id) {
  return Loan.findByPk(id);
}

async function late() {
  const { isLate } = require('../services/loanService'); // expect: layering/upward-import error
  const loans = await Loan.findAll({ limit: 100 });
  return loans.filter(isLate);
}

module.exports = { find, late };
