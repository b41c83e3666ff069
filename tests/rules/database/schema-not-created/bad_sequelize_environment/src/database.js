const config = require('./config');
const { sequelize } = require('./models');

async function prepare() {
  await sequelize.authenticate();
  if (config.createTables) { // expect: database/schema-not-created
    await sequelize.sync();
  }
}

module.exports = { prepare };
