from dataclasses import dataclass, field

from sqlalchemy import BigInteger, Column, String

from shop.db import mapper_registry


@mapper_registry.mapped
@dataclass
class Writer:
    __tablename__ = "writers"
    __sa_dataclass_metadata_key__ = "sa"

    key: int = field(metadata={"sa": Column(BigInteger, primary_key=True)})
    name: str = field(metadata={"sa": Column(String)})


@mapper_registry.mapped
@dataclass
class Book:
    __tablename__ = "books"
    __sa_dataclass_metadata_key__ = "sa"

    id: int = field(init=False, metadata={"sa": Column(BigInteger, primary_key=True)})
    title: str = field(metadata={"sa": Column(String)})
