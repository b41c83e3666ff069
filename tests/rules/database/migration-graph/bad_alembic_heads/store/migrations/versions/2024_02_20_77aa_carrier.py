"""carrier"""

import sqlalchemy as sa
from alembic import op

revision = "77aa52c19f00"
down_revision = "41d8e6b0c3aa"


def upgrade():
    op.add_column("parcels", sa.Column("carrier", sa.Text))


def downgrade():
    op.drop_column("parcels", "carrier")
