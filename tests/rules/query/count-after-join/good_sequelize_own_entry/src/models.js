const { Sequelize, DataTypes } = require('sequelize');

const sequelize = new Sequelize({ dialect: 'sqlite' });
const Post = sequelize.define('Post', { title: DataTypes.STRING });
const Star = sequelize.define('Star', {
  postId: { type: DataTypes.INTEGER, primaryKey: true },
  readerId: { type: DataTypes.INTEGER, primaryKey: true },
});
Post.hasMany(Star, { as: 'stars', foreignKey: 'postId' });

module.exports = { sequelize, Post, Star };
