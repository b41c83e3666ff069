"""weight"""

import sqlalchemy as sa
from alembic import op

revision = "41d8e6b0c3aa"
down_revision = "9c1f0a7be2d4"


def upgrade():
    op.add_column("parcels", sa.Column("weight", sa.Integer))


def downgrade():
    op.drop_column("parcels", "weight")
