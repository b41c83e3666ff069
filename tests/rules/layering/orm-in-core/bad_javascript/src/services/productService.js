const repository = require("../repositories/productRepository");

exports.create = (code) => repository.create(code.trim());
exports.find = (text) => repository.find(text + "%");
