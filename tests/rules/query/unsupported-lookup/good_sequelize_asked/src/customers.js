const { Op } = require('sequelize');
const { sequelize, Customer } = require('./models');

const LIKE = sequelize.getDialect() === 'postgres' ? Op.iLike : Op.like;
const shapes = { iLike: 'not an operator' };

exports.search = (text) => Customer.findAll({ where: { name: { [LIKE]: `%${text}%` } } });
exports.shape = () => shapes.iLike;
