const { Sequelize, DataTypes } = require('sequelize');

const sequelize = new Sequelize(process.env.DATABASE_URL, { dialect: 'postgres' });
const Member = sequelize.define('Member', { name: DataTypes.STRING }, { tableName: 'members' });
const Note = sequelize.define(
  'Note', { authorId: { type: DataTypes.INTEGER, field: 'author_id' } }, { tableName: 'notes' }
);
const Friend = sequelize.define(
  'Friend',
  {
    ownId: { type: DataTypes.INTEGER, primaryKey: true, field: 'own_id' },
    otherId: { type: DataTypes.INTEGER, primaryKey: true, field: 'other_id' },
  },
  { tableName: 'friends' }
);
Note.belongsTo(Member, { as: 'author', foreignKey: 'authorId' });
Member.belongsToMany(Member, { as: 'friends', through: Friend, foreignKey: 'ownId', otherKey: 'otherId' });

module.exports = { sequelize, Member, Note, Friend };
