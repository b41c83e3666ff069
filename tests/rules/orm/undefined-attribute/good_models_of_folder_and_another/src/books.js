const { Book } = require('./models');

module.exports.add = (title) => Book.create({ title });
