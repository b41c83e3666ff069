import sqlalchemy as sa
from alembic import op

revision = "2"
down_revision = "1"


def upgrade():
    op.add_column("coupons", sa.Column("code", sa.Text(), unique=True, server_default=""))  # expect: database/unique-with-one-default
