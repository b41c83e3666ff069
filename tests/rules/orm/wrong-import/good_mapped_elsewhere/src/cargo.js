const { Cargo, Crate } = require('./models/cargo');

exports.list = () => Cargo.findAll({ limit: 20 });
exports.crates = () => Crate.findAll({ limit: 20 });
