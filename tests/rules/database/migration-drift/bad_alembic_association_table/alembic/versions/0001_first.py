"""first"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade():
    op.create_table(
        "members",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(80), nullable=False),
    )
    op.create_table(
        "events",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("title", sa.String(80), nullable=False),
    )
    op.create_table(
        "attendance",
        sa.Column("member_id", sa.ForeignKey("members.id"), primary_key=True),
        sa.Column("event_id", sa.ForeignKey("events.id"), primary_key=True),
    )


def downgrade():
    op.drop_table("attendance")
    op.drop_table("events")
    op.drop_table("members")
