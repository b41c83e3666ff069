const { Op } = require("sequelize");
const Coupon = require("../models/coupon");

exports.create = (code) => Coupon.create({ code });
exports.find = (text) => Coupon.findAll({ where: { code: { [Op.like]: text } }, limit: 20 });
