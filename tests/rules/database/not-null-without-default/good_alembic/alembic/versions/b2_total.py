import sqlalchemy as sa
from alembic import op

revision = "b2"
down_revision = "a1"


def upgrade():
    op.add_column("orders", sa.Column("total", sa.Integer(), nullable=True))
    op.execute("UPDATE orders SET total = 0")
    op.alter_column("orders", "total", nullable=False)
    op.add_column("orders", sa.Column("number", sa.Integer(), sa.Identity(), nullable=False))
    op.create_table("lines", sa.Column("id", sa.Integer(), primary_key=True))
    op.add_column("lines", sa.Column("product", sa.String(), nullable=False))
    op.add_column("imported", sa.Column("source", sa.String(), nullable=False))
    if not sa.inspect(op.get_bind()).has_table("orders"):
        op.add_column("orders", sa.Column("unlikely", sa.String(), nullable=False))


def downgrade():
    op.add_column("customers", sa.Column("dropped", sa.String(), nullable=False))
