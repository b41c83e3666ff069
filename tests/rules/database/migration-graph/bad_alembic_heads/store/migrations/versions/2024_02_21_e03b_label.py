"""label"""

import sqlalchemy as sa
from alembic import op

revision = "e03b11d7f5c2"
down_revision = "9c1f0a7be2d4"  # expect: database/migration-graph


def upgrade():
    op.add_column("parcels", sa.Column("label", sa.Text))


def downgrade():
    op.drop_column("parcels", "label")
