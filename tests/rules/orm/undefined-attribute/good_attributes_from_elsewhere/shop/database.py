from flask_sqlalchemy import SQLAlchemy


class CrudMixin:
    def save(self):
        db.session.add(self)
        return self


db = SQLAlchemy(model_class=CrudMixin)
plain = SQLAlchemy()
