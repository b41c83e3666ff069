const { Op } = require('sequelize');
const { Item } = require('./models');

async function search(words, ids) {
  await Item.findAll({
    // ruleid: orm-legacy-operator-sequelize
    where: { title: { $like: `%${words}%` } },
  });
  await Item.findAndCountAll({
    // ruleid: orm-legacy-operator-sequelize
    where: { id: { $in: ids } },
    limit: 20,
  });
  await Item.findAll({
    // ok: orm-legacy-operator-sequelize
    where: { title: { [Op.like]: `%${words}%` }, '$owner.name$': words },
  });
  // ok: orm-legacy-operator-sequelize
  return { where: { $or: words } };
}

module.exports = { search };
