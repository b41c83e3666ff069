"""p1"""

import sqlalchemy as sa
from alembic import op

revision = "p1"
down_revision = None
branch_labels = None
depends_on = None


def _columns():
    return [sa.Column(name, sa.Integer()) for name in ("id", "name", "price")]



def upgrade():
    op.create_table("products", *_columns())


def downgrade():
    pass
