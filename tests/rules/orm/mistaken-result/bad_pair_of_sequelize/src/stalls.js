const { Stall, Trade } = require('./models');

async function rename(key, titles) {
  const stall = await Stall.findByPk(key);
  const found = [];
  for (const title of titles) {
    const trade = await Trade.findOrCreate({ where: { title } }); // expect: orm/mistaken-result
    found.push(trade);
  }
  await stall.setTrades(found);
}

async function keyOf(title) {
  const trade = await Trade.findOrCreate({ where: { title } }); // expect: orm/mistaken-result
  return trade.id;
}

module.exports = { rename, keyOf };
