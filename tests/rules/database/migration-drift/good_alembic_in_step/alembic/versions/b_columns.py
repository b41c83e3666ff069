"""b"""

import sqlalchemy as sa
from alembic import op

revision = "b"
down_revision = 'a'
branch_labels = None
depends_on = None

VIEW = "CREATE VIEW room_report AS SELECT id FROM rooms"


def _has(connection, name):
    return name in {column["name"] for column in sa.inspect(connection).get_columns("rooms")}



def upgrade():
    connection = op.get_bind()
    if not _has(connection, "seats"):
        op.add_column("rooms", sa.Column("seats", sa.Integer(), server_default="4"))
    for column in ("colour", "owner"):
        op.add_column("rooms", sa.Column(column, sa.Text()))
    connection.execute(sa.text("ALTER TABLE rooms ADD COLUMN added_by_hand text"))
    op.execute(VIEW)


def downgrade():
    pass
