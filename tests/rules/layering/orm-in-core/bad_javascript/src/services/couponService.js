const repository = require("../repositories/couponRepository");

exports.create = (code) => repository.create(code.trim());
exports.find = (text) => repository.find(text + "%");
