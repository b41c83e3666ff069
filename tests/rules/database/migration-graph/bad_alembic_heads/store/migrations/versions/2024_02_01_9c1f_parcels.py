"""parcels"""

from typing import Sequence, Union

import sqlalchemy as sa
from alembic import op

revision: str = "9c1f0a7be2d4"
down_revision: Union[str, None] = None
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    op.create_table("parcels", sa.Column("id", sa.Integer, primary_key=True))


def downgrade() -> None:
    op.drop_table("parcels")
