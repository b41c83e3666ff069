const repository = require("../repositories/cartRepository");

exports.create = (code) => repository.create(code.trim());
exports.find = (text) => repository.find(text + "%");
