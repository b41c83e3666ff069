"""m2"""

import sqlalchemy as sa
from alembic import op

revision = "m2"
down_revision = 'm1'
branch_labels = None
depends_on = None


def upgrade():
    from members.more import add_level

    add_level()
    op.add_things("members")


def downgrade():
    pass
