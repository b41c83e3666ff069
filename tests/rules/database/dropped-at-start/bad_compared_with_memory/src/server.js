const { sequelize } = require('./models');

async function main() {
  await sequelize.sync({ force: true }); // expect: database/dropped-at-start
}

main();
