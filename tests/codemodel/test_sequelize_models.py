"""Models, attributes and associations of Sequelize."""

from __future__ import annotations

from ci_gate.codemodel.sequelize import naming
from support.mapped import Mapped

INDEX = """
    const { Sequelize } = require('sequelize');
    const sequelize = new Sequelize({ dialect: 'mysql', define: { underscored: true } });
    const User = require('./user')(sequelize);
    const Article = require('./article')(sequelize);
    User.hasMany(Article);
    Article.belongsTo(User, { as: 'author', foreignKey: { name: 'authorId' } });
    Article.belongsToMany(User, { as: 'fans', through: 'article_fans' });
    User.belongsToMany(User, { as: 'followers', through: 'follows', foreignKey: 'followeeId' });
    module.exports = { sequelize, User, Article };
"""
USER = """
    const { DataTypes, Model } = require('sequelize');
    module.exports = (sequelize) => {
      class User extends Model {
        get label() { return this.email; }
      }
      User.init(
        {
          uuid: { type: DataTypes.UUID, primaryKey: true, defaultValue: DataTypes.UUIDV4 },
          email: { type: DataTypes.STRING(80), allowNull: false, unique: true, field: 'mail' },
        },
        { sequelize, paranoid: true, updatedAt: 'changedAt' }
      );
      return User;
    };
"""
ARTICLE = """
    const { DataTypes } = require('sequelize');
    const shared = { body: DataTypes.TEXT };
    module.exports = (sequelize) => sequelize.define(
      'Article', { ...shared, readTime: DataTypes.INTEGER }, { timestamps: false });
"""


def _mapped() -> Mapped:
    return Mapped(
        {
            "package.json": '{"dependencies": {"sequelize": "^6.0.0"}}',
            "models/index.js": INDEX,
            "models/user.js": USER,
            "models/article.js": ARTICLE,
        }
    )


def test_columns() -> None:
    models = _mapped().entities.sequelize
    user, article = models.named("User"), models.named("Article")
    assert user is not None and article is not None
    assert user.table == "users" and article.table == "articles"
    assert set(user.attributes) == {"uuid", "email", "createdAt", "changedAt", "deletedAt"}
    assert set(article.attributes) == {"id", "body", "readTime", "UserUuid", "authorId"}
    assert user.accessors >= {"label"}
    assert user.known and user.associated and article.known
    entity = next(item for item in _mapped().entities if item.name == "User")
    columns = {item.name: item for item in entity.columns.values()}
    assert columns["email"].column == "mail" and columns["email"].unique
    assert columns["email"].nullable is False
    assert columns["createdAt"].column == "created_at"
    assert columns["uuid"].primary_key and columns["uuid"].type == "uuid"


def test_associations() -> None:
    models = _mapped().entities.sequelize
    user, article = models.named("User"), models.named("Article")
    assert user is not None and article is not None
    assert [(item.kind, item.name, item.foreign_key) for item in article.associations] == [
        ("belongsTo", "author", "authorId"),
        ("belongsToMany", "fans", None),
    ]
    assert {item.name for item in user.associations} == {"Articles", "followers"}
    fans = article.alias("fans")
    assert fans is not None and fans.through == "article_fans"
    assert {"addFan", "addFans", "getFans", "countFans"} <= fans.accessors()
    assert models.instances.dialect == "mysql"


def test_names() -> None:
    words = ("Category", "UserAddress", "Person", "Tag", "News")
    assert [naming.plural(word) for word in words] == [
        "Categories", "UserAddresses", "People", "Tags", "News",
    ]  # fmt: skip
    assert naming.singular("Categories") == "Category"
    assert naming.snake("authorId") == "author_id"
    assert naming.camel("Article", "id") == "ArticleId"


def test_objects_that_hold_each_other() -> None:
    mapped = Mapped(
        {
            "package.json": '{"dependencies": {"sequelize": "^6.0.0"}}',
            "models.js": """
            const { Sequelize, DataTypes } = require('sequelize');
            const sequelize = new Sequelize('sqlite::memory:');
            let first = {}, second = {};
            first = { ...second }; second = { ...first };
            const Note = sequelize.define('Note', { text: DataTypes.STRING, ...first });
            Note.hasMany(Note, { ...second });
            const read = (options) => read({ ...options, where: options.where });
            Note.findAll(read({ where: first.where, include: second.include }));
            """,
        }
    )
    models = mapped.entities.sequelize
    assert [query.method for query in models.queries.all] == ["findAll"]
    assert list(models.queries.includes(models.queries.all[0])) == []
