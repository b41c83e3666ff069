from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.model import Model


class Row(Model):
    def as_text(self):
        return type(self).__name__


class Database(SQLAlchemy):
    Model: type[Row]


db = Database(model_class=Row)
