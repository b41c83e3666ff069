const { sequelize } = require('./models');

exports.prepare = () => sequelize.authenticate();
