from alembic import op

revision = "2l"
down_revision = "1"


def upgrade():
    op.execute("ALTER TABLE users ADD COLUMN l integer")
