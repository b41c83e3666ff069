from sqlalchemy import Column, ForeignKey, Integer, String, Table, func, select
from sqlalchemy.ext.associationproxy import association_proxy
from sqlalchemy.ext.asyncio import AsyncAttrs
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import DeclarativeBase, column_property, declared_attr, relationship, synonym


class Base(AsyncAttrs, DeclarativeBase):
    @declared_attr.directive
    def __tablename__(cls):
        return cls.__name__.lower()


class OwnedMixin:
    @declared_attr
    def owner_id(cls):
        return Column(ForeignKey("user.id"))

    @declared_attr
    def owner(cls):
        return relationship("User", backref="owned")


article_tag = Table(
    "article_tag",
    Base.metadata,
    Column("article_id", ForeignKey("article.id"), key="article"),
    Column("tag_id", ForeignKey("tag.id")),
)


class Tag(Base):
    id = Column(Integer, primary_key=True)
    name = Column(String)


class User(Base):
    id = Column(Integer, primary_key=True)
    first = Column(String)
    last = Column(String)
    kind = Column(String)
    label = synonym("first")

    __mapper_args__ = {"polymorphic_on": kind}

    @hybrid_property
    def full(self):
        return self.first + " " + self.last


class Admin(User):
    id = Column(ForeignKey("user.id"), primary_key=True)
    level = Column(Integer)


class Article(OwnedMixin, Base):
    id = Column(Integer, primary_key=True)
    title = Column(String)
    shout = column_property(func.upper(title))
    tags = relationship(Tag, secondary=article_tag, backref="articles")
    tag_names = association_proxy("tags", "name")

    def __init__(self, title, **extra):
        self.title = title
        self.draft = extra
