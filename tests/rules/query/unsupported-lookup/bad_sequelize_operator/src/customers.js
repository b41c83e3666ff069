const { Op } = require('sequelize');
const { Customer } = require('./models');

const like = (text) => ({ [Op.iLike]: `%${text}%` }); // expect: query/unsupported-lookup

exports.search = (text) => Customer.findAll({ where: { name: like(text) } });
exports.tagged = (tag) => Customer.findAll({ where: { name: { [Op.contains]: [tag] } } }); // expect: query/unsupported-lookup
exports.plain = (text) => Customer.findAll({ where: { name: { [Op.substring]: text } } });
