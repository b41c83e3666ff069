const { Stall, Trade } = require('./models');

async function rename(key, titles) {
  const stall = await Stall.findByPk(key);
  const found = [];
  for (const title of titles) {
    const [trade] = await Trade.findOrCreate({ where: { title } });
    found.push(trade);
  }
  await stall.setTrades(found);
}

async function keyOf(title) {
  const result = await Trade.findOrCreate({ where: { title } });
  return result[0].id;
}

async function all(titles) {
  const pairs = [];
  for (const title of titles) {
    const pair = await Trade.findOrCreate({ where: { title } });
    pairs.push(pair);
  }
  return pairs.map(([trade]) => trade.id);
}

async function counted(title) {
  const pair = await Trade.findOrCreate({ where: { title } });
  return pair.length;
}

module.exports = { rename, keyOf, all, counted };
