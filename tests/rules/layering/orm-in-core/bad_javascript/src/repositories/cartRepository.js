const { Op } = require("sequelize");
const Cart = require("../models/cart");

exports.create = (code) => Cart.create({ code });
exports.find = (text) => Cart.findAll({ where: { code: { [Op.like]: text } }, limit: 20 });
