"""0b2"""

import sqlalchemy as sa
from alembic import op

revision = "0b2"
down_revision = '0a1'
branch_labels = None
depends_on = None


def _guests():
    op.create_table("guests", sa.Column("id", sa.Integer()), sa.Column("name", sa.Text()))



def upgrade():
    op.add_column("rooms", sa.Column("size", sa.Integer(), nullable=True))
    op.alter_column("rooms", "size", new_column_name="seats")
    op.create_table(
        "reservations",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("room_id", sa.Integer(), sa.ForeignKey("rooms.id")),
    )
    op.rename_table("reservations", "bookings")
    _guests()


def downgrade():
    pass
