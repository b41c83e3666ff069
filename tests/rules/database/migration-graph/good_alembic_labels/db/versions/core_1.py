from alembic import op

revision = "core_1"
down_revision = None
branch_labels = ("core",)


def upgrade():
    op.execute("CREATE TABLE users (id integer primary key)")
