from alembic import op

revision = "0002"
down_revision = "0001"  # expect: database/migration-graph


def upgrade():
    op.execute("ALTER TABLE notes ADD COLUMN urgent boolean")
