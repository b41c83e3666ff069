"""m1"""

import sqlalchemy as sa
from alembic import op

revision = "m1"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("members", sa.Column("id", sa.Integer()), sa.Column("name", sa.Text()))


def downgrade():
    pass
