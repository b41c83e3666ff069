import sqlalchemy as sa
from alembic import op

revision = "2"
down_revision = "1"


def upgrade():
    op.add_column(
        "coupons",
        sa.Column("code", sa.Uuid(), unique=True, server_default=sa.text("gen_random_uuid()")),
    )
    op.add_column("coupons", sa.Column("note", sa.Text(), server_default=""))
    op.add_column("coupons", sa.Column("number", sa.Integer(), unique=True))
