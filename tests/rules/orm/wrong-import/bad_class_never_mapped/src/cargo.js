const { Cargo, Crate } = require('./models/cargo');

exports.list = () => Cargo.findAll({ limit: 20 }); // expect: orm/wrong-import
exports.crates = () => Crate.findAll({ limit: 20 });
