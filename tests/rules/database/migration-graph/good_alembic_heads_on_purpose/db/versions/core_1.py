from alembic import op

revision = "core_1"
down_revision = None


def upgrade():
    op.execute("CREATE TABLE users (id integer primary key)")
