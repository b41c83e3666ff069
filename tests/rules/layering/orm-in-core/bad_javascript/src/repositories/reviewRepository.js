const { Op } = require("sequelize");
const Review = require("../models/review");

exports.create = (code) => Review.create({ code });
exports.find = (text) => Review.findAll({ where: { code: { [Op.like]: text } }, limit: 20 });
