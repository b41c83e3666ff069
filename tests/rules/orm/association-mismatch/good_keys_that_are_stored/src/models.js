const { DataTypes, Sequelize } = require('sequelize');

const sequelize = new Sequelize(process.env.DATABASE_URL);

const Singer = sequelize.define('Singer', { name: DataTypes.STRING });
const Song = sequelize.define('Song', {
  title: DataTypes.STRING,
  soloistId: { type: DataTypes.INTEGER, allowNull: false },
});
const Part = sequelize.define('Part', {
  voice: DataTypes.STRING,
  place: DataTypes.INTEGER,
});

Song.belongsTo(Singer, { as: 'soloist', foreignKey: 'soloistId' });
Singer.hasMany(Song, { as: 'solos', foreignKey: 'soloistId' });
Singer.belongsToMany(Song, { as: 'songs', through: Part, foreignKey: 'memberId', otherKey: 'songId' });
Song.belongsToMany(Singer, { as: 'singers', through: Part, foreignKey: 'songId', otherKey: 'memberId' });

module.exports = { Part, Singer, Song };
