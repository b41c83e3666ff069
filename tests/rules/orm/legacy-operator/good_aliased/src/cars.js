const { Car } = require('./models');

exports.large = () => Car.findAll({ where: { seats: { $gte: 5 } } });
