const { Sequelize, DataTypes } = require('sequelize');

const sequelize = new Sequelize(process.env.DATABASE_URL, { dialect: 'postgres' });
const Artist = require('./models/artist')(sequelize, DataTypes);
const Album = require('./models/album')(sequelize, DataTypes);

module.exports = { sequelize, Artist, Album };
