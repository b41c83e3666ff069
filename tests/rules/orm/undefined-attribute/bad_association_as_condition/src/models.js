const { Sequelize, DataTypes } = require('sequelize');

const sequelize = new Sequelize({ dialect: 'sqlite', storage: 'shop.db' });
const Article = sequelize.define('Article', { title: DataTypes.STRING });
const Comment = sequelize.define('Comment', { body: DataTypes.STRING, articleId: DataTypes.INTEGER });

Comment.belongsTo(Article, { as: 'article', foreignKey: 'articleId' });

module.exports = { Article, Comment };
