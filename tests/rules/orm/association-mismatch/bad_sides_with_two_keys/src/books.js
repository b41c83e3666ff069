const { Book, Copy } = require('./models');

exports.list = () => Book.findAll({ include: [{ model: Copy, as: 'copies' }], limit: 20 });
exports.lend = (copy, holderId) => copy.update({ holderId });
