const repository = require("../repositories/orderRepository");

exports.create = (code) => repository.create(code.trim());
exports.find = (text) => repository.find(text + "%");
