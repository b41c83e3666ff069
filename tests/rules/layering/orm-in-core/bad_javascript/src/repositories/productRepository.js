const { Op } = require("sequelize");
const Product = require("../models/product");

exports.create = (code) => Product.create({ code });
exports.find = (text) => Product.findAll({ where: { code: { [Op.like]: text } }, limit: 20 });
