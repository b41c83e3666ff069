from alembic import op

revision = "billing_1"
down_revision = None


def upgrade():
    op.execute("CREATE TABLE bills (id integer primary key)")
