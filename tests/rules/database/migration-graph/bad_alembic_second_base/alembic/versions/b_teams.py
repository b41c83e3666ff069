from alembic import op

revision = "b"
down_revision = "a"


def upgrade():
    op.execute("CREATE TABLE teams (id integer primary key)")
