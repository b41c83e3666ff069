const { DataTypes, Sequelize } = require('sequelize');

const sequelize = new Sequelize(process.env.DATABASE_URL);

const Singer = sequelize.define('Singer', { name: DataTypes.STRING });
const Song = sequelize.define('Song', {
  title: DataTypes.STRING,
  soloistId: { type: DataTypes.INTEGER, allowNull: false },
});
const Part = sequelize.define('Part', {
  singerId: { type: DataTypes.INTEGER, primaryKey: true },
  songId: { type: DataTypes.INTEGER, primaryKey: true },
});

Song.belongsTo(Singer, { as: 'soloist', foreignKey: 'soloistId' });
Singer.hasMany(Song, { as: 'solos', foreignKey: 'solo_singer' }); // expect: orm/association-mismatch
Singer.belongsToMany(Song, { as: 'songs', through: Part, foreignKey: 'singerId', otherKey: 'songId' });
Song.belongsToMany(Singer, { as: 'singers', through: Part, foreignKey: 'songId', otherKey: 'memberId' }); // expect: orm/association-mismatch

module.exports = { Part, Singer, Song };
