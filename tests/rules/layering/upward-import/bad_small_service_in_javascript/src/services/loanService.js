const loanRepository = require('../repositories/loanRepository');

async function due(id) {
  const loan = await loanRepository.find(id);
  return loan ? loan.due : null;
}

function isLate(loan) {
  return loan.due < new Date();
}

module.exports = { due, isLate };
