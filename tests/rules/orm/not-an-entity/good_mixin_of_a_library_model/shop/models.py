import sqlalchemy as sa

from shop.db import Model
from shop.files import StoredFile


class Cover(StoredFile, Model):
    id = sa.Column(sa.Integer, primary_key=True)
    path = sa.Column(sa.String(200))
