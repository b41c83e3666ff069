const { Loan } = require('./models');

exports.lend = (reader, guarantor) =>
  Loan.create({ ReaderId: reader.id, guarantorId: guarantor.id, until: new Date() });
