const { Op } = require('sequelize');
const { Customer } = require('./models');

exports.search = (text) => Customer.findAll({ where: { name: { [Op.iLike]: `%${text}%` } } });
