from alembic import op

revision = "0003"
down_revision = "0002"  # expect: database/migration-graph


def upgrade():
    op.execute("ALTER TABLE notes ADD COLUMN title text")
