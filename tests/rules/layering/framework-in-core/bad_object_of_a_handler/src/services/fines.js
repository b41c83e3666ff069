const fines = require('../repositories/fines');

module.exports = { list: (name) => fines.list(name) };
