import click
from flask.cli import with_appcontext

from club.db import db
from club.models import Member


@click.command("seed")
@with_appcontext
def seed():
    db.session.add(Member(name="Ann", state="new"))
    db.session.commit()
