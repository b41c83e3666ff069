module.exports = { log: 1 };
require('./more')(module.exports);
