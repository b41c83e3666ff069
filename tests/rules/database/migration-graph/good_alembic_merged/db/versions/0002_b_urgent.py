from alembic import op

revision = "0002_b"
down_revision = ("0001",)


def upgrade():
    op.execute("ALTER TABLE notes ADD COLUMN urgent boolean")
