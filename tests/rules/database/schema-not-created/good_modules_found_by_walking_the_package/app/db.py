import importlib
import pkgutil

from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase

from app import models

engine = create_engine("sqlite:///app.db")


class Base(DeclarativeBase):
    pass


def create_tables():
    for module in pkgutil.walk_packages(models.__path__, "app.models."):
        importlib.import_module(module.name)
    Base.metadata.create_all(engine)
