const { DataTypes, Sequelize } = require('sequelize');

const sequelize = new Sequelize(process.env.DATABASE_URL, { dialect: 'postgres', define: { underscored: true } });
const Post = sequelize.define('Post', { title: DataTypes.STRING });
const Photo = sequelize.define('Photo', { url: DataTypes.STRING });
const Remark = sequelize.define('Remark', { targetId: DataTypes.INTEGER, targetType: DataTypes.STRING });

Post.hasMany(Remark, { foreignKey: 'targetId', constraints: false, scope: { targetType: 'post' } });
Photo.hasMany(Remark, { foreignKey: 'targetId', constraints: false, scope: { targetType: 'photo' } });

module.exports = {
  photosWithRemarks: () =>
    sequelize.query("SELECT p.url FROM photos p JOIN remarks r ON r.target_id = p.id AND r.target_type = 'photo'"),
  postsWithRemarks: () =>
    sequelize.query("SELECT p.title FROM posts p JOIN remarks r ON r.target_id = p.id AND r.target_type = 'post'"),
};
