import sqlalchemy as sa
from alembic import op

revision = "b2"
down_revision = "a1"


def upgrade():
    op.add_column("orders", sa.Column("total", sa.Integer(), nullable=False))
    op.add_column("orders", sa.Column("paid", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("orders", sa.Column("note", sa.String(), nullable=True))
    with op.batch_alter_table("customers") as batch_op:
        batch_op.add_column(sa.Column("name", sa.String(80), nullable=False))
    op.execute("ALTER TABLE customers ADD COLUMN country TEXT NOT NULL")


def downgrade():
    op.drop_column("orders", "total")
