from alembic import op

revision = "1_reports"
down_revision = None


def upgrade():
    op.execute("CREATE TABLE rows (id integer primary key)")
