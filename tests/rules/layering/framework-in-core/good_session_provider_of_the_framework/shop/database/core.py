from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, sessionmaker
from starlette.requests import Request

sessions = sessionmaker(create_engine("sqlite:///shop.db"))


def get_db(request: Request) -> Session:
    return request.state.db


def ready() -> bool:
    with sessions() as session:
        return session.scalar(text("SELECT COUNT(*) FROM tickets")) is not None
