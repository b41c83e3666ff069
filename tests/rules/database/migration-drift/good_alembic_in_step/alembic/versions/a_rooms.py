"""a"""

import sqlalchemy as sa
from alembic import op

revision = "a"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "rooms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_index("ix_rooms_name", "rooms", ["name"])

    op.create_table("keys", sa.Column("id", sa.Integer()))
    for table in ("doors", "windows"):
        op.create_table(table, sa.Column("id", sa.Integer()))


def downgrade():
    pass
