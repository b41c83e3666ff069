"""1"""

import sqlalchemy as sa
from alembic import op

revision = "1"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "pets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(20)),
        sa.Column("chip_number", sa.String(15)),
    )
    op.create_table("dogs", sa.Column("id", sa.Integer()), sa.Column("breed", sa.String(30)))


def downgrade():
    pass
