from alembic import op

revision = "a"
down_revision = None


def upgrade():
    op.execute("CREATE TABLE users (id integer primary key)")
