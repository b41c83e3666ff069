const { Op } = require('sequelize');
const { Customer, Visit } = require('./models');

exports.add = (email, phone, password, pin) => Customer.create({ email, phone, password, pin });
exports.visits = (id) => Visit.findAll({ where: { CustomerId: id, created_at: { [Op.gt]: 0 } } });
exports.gone = () => Customer.findAll({ where: { deletedAt: { [Op.ne]: null }, '$Visits.page$': '/' } });
exports.unsaved = (email) => Customer.build({ email, shownOnly: true });
exports.copy = (values) => Customer.create({ ...values });
