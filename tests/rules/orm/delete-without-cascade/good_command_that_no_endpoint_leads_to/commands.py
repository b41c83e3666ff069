import click

from models import Member, db


@click.command()
def purge_test_data():
    for member in Member.query.filter(Member.email.like("test-%")):
        db.session.delete(member)
        db.session.commit()
