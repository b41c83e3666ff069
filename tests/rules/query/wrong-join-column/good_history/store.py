from sqlalchemy import select, text
from sqlalchemy.orm import Session

from models import Letter, Template


def names(session: Session):
    statement = select(Template.name).join(Letter, Letter.template_id == Template.id)
    return session.scalars(statement).all()


def counted(session: Session):
    return session.execute(
        text("SELECT t.name FROM templates t JOIN letters l ON l.template_id = t.id")
    ).all()
