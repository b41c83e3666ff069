const { Sequelize, DataTypes } = require('sequelize');

const sequelize = new Sequelize(process.env.DATABASE_URL, { dialect: 'postgres' });
const models = {
  Loan: require('./loan')(sequelize, DataTypes),
  Member: require('./member')(sequelize, DataTypes),
};

for (const model of Object.values(models)) {
  if (typeof model.associate === 'function') model.associate(models);
}

module.exports = { sequelize, ...models };
