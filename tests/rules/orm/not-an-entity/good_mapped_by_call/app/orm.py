from sqlalchemy import Column, Integer, MetaData, String, Table
from sqlalchemy.orm import registry

from app import domain

metadata = MetaData()
mapper_registry = registry()
batches = Table("batches", metadata, Column("id", Integer, primary_key=True), Column("ref", String))
products = Table("products", metadata, Column("sku", String, primary_key=True))


def start_mappers():
    mapper_registry.map_imperatively(domain.Batch, batches)
    mapper_registry.map_imperatively(domain.Product, products)
