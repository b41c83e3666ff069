const { Op } = require("sequelize");
const Order = require("../models/order");

exports.create = (code) => Order.create({ code });
exports.find = (text) => Order.findAll({ where: { code: { [Op.like]: text } }, limit: 20 });
