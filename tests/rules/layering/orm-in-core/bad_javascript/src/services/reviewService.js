const repository = require("../repositories/reviewRepository");

exports.create = (code) => repository.create(code.trim());
exports.find = (text) => repository.find(text + "%");
