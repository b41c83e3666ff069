const { Op } = require('sequelize');
const { Item, events, mongo } = require('./models');

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
  // ruleid: orm-legacy-operator-sequelize
  await Item.update({ seen: true }, { where: { $or: [{ id: 1 }, { id: 2 }] } });
  await Item.findAll({
    // ok: orm-legacy-operator-sequelize
    where: { title: { [Op.like]: `%${words}%` }, '$owner.name$': words },
  });
  await Item.findAll({
    // ok: orm-legacy-operator-sequelize
    where: { '$owner.id$': { [Op.in]: ids } },
  });
  // ruleid: orm-legacy-operator-sequelize
  await Item.findAll({ where: { price: { $lte: words } } });
  // ok: orm-legacy-operator-sequelize
  await Item.findOne({ attributes: { $in: ids }, where: { id: 1 } });
  // ok: orm-legacy-operator-sequelize
  await mongo.collection('items').updateOne({ $or: words }, { $set: { seen: true } });
  // ok: orm-legacy-operator-sequelize
  await mongo.items.find({ where: { $or: words } });
  // ok: orm-legacy-operator-sequelize
  await events.count({ filter: { $in: ids } });
  // ok: orm-legacy-operator-sequelize
  return { where: { $or: words } };
}

module.exports = { search };
