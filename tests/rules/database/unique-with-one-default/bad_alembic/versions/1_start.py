import sqlalchemy as sa
from alembic import op

revision = "1"
down_revision = None


def upgrade():
    op.create_table("coupons", sa.Column("id", sa.Integer(), primary_key=True))
