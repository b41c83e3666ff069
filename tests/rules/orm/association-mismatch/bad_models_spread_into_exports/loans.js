const { Loan, Member } = require('./models');

exports.late = (day) =>
  Loan.findAll({
    where: { due: day },
    include: [{ model: Member, as: 'member' }], // expect: orm/association-mismatch
    limit: 20,
  });
