from alembic import op

revision = "c"
down_revision = None  # expect: database/migration-graph


def upgrade():
    op.execute("CREATE TABLE rooms (id integer primary key)")
