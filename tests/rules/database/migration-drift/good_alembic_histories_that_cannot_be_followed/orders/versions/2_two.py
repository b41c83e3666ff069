"""2"""

import sqlalchemy as sa
from alembic import op

revision = "2"
down_revision = '1'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("orders", sa.Column("id", sa.Integer()), sa.Column("total", sa.Integer()))


def downgrade():
    pass
