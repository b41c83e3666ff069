const { Sequelize, DataTypes } = require('sequelize');

const storage = process.env.DB_STORAGE || 'shop.db';
if (storage !== ':memory:') {
  require('fs').mkdirSync('data', { recursive: true });
}
const sequelize = new Sequelize({ dialect: 'sqlite', storage });
const User = sequelize.define('User', { email: DataTypes.STRING, passwordHash: DataTypes.STRING });

module.exports = { sequelize, User };
