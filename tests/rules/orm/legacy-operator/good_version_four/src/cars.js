const { Car } = require('./models');

exports.large = () => Car.findAll({ where: { seats: { $gte: 5 } } });
exports.byId = (id) => Car.findById(id);
exports.sorted = () => Car.findAll({ order: 'plate ASC' });
