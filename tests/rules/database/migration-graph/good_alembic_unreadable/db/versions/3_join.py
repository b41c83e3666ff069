from db.naming import revision_name

revision = revision_name(__file__)
down_revision = ("2l", "2r")


def upgrade():
    pass
