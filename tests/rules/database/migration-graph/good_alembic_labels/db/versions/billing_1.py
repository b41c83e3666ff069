from alembic import op

revision = "billing_1"
down_revision = None
branch_labels = ("billing",)
depends_on = "core_1"


def upgrade():
    op.execute("CREATE TABLE bills (id integer primary key)")
