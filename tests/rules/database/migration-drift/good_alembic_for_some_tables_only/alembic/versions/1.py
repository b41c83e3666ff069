"""1"""

import sqlalchemy as sa
from alembic import op

revision = "1"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    for name in ("one", "two", "three"):
        op.create_table(name, sa.Column("id", sa.Integer()))


def downgrade():
    pass
