exports.log = console.log;
exports.level = 'info';
