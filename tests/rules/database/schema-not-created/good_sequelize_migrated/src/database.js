const config = require('./config');
const { sequelize } = require('./models');

async function prepare() {
  await sequelize.authenticate();
  if (config.createTables) {
    await sequelize.sync();
  }
}

module.exports = { prepare };
