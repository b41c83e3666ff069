module.exports.Plot = require('./plot');
module.exports.Tenant = require('./tenant');
