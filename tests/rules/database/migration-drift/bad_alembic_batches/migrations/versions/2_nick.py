"""2"""

import sqlalchemy as sa
from alembic import op

revision = "2"
down_revision = '1'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("pets", schema=None) as batch_op:
        batch_op.alter_column("name", new_column_name="nick", existing_type=sa.String(20))
        batch_op.add_column(sa.Column("born", sa.Date()))
        batch_op.drop_column("chip_number")


def downgrade():
    pass
