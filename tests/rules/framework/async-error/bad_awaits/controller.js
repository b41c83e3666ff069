const { find } = require('./store');

exports.create = async function create(req, res) {
  const found = await find(1).catch(() => null);
  if (!found) {
    res.status(201).json(await find(2)); // expect: express/async-error
  }
};
