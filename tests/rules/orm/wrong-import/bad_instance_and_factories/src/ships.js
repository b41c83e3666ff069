const Ship = require('./models/ship');

exports.list = () => Ship.findAll({ limit: 20 }); // expect: orm/wrong-import
exports.add = (name) => Ship.create({ name });
