"""Composition root: builds the application and wires its layers."""

from flask import Flask
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

from lending.models import Base
from lending.repositories.books import BookRepository
from lending.repositories.loans import LoanRepository
from lending.repositories.members import MemberRepository
from lending.routes import books, errors, loans, members
from lending.services.lending import LendingService
from lending.services.members import MemberService
from lending.services.shelf import ShelfService


def create_app(database_url: str) -> Flask:
    engine = create_engine(database_url)
    Base.metadata.create_all(engine)
    sessions: sessionmaker[Session] = sessionmaker(engine, expire_on_commit=False)
    book_repository = BookRepository(sessions)
    member_repository = MemberRepository(sessions)
    loan_repository = LoanRepository(sessions)

    app = Flask("lending")
    app.extensions["sessions"] = sessions
    app.extensions["shelf"] = ShelfService(book_repository)
    app.extensions["members"] = MemberService(member_repository)
    app.extensions["lending"] = LendingService(
        book_repository, member_repository, loan_repository
    )
    app.register_blueprint(books.blueprint, url_prefix="/api")
    app.register_blueprint(members.blueprint, url_prefix="/api")
    app.register_blueprint(loans.blueprint, url_prefix="/api")
    errors.register(app)
    return app
