const { Ship } = require('./models');

exports.list = () => Ship.findAll({ limit: 20 });
