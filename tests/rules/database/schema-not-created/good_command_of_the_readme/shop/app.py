import click
from flask import Flask
from sqlalchemy import Column, Integer, create_engine
from sqlalchemy.orm import Session, declarative_base

engine = create_engine("sqlite:///shop.db")
Base = declarative_base()
app = Flask(__name__)


class Item(Base):
    __tablename__ = "items"
    id = Column(Integer, primary_key=True)


@app.get("/items")
def items():
    with Session(engine) as session:
        return [item.id for item in session.query(Item)]


@app.cli.command("init-db")
def init_db():
    Base.metadata.create_all(engine)
    click.echo("created")
