from alembic import op

revision = "2r"
down_revision = "1"


def upgrade():
    op.execute("ALTER TABLE users ADD COLUMN r integer")
