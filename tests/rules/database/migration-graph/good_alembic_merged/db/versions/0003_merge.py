revision = "0003"
down_revision = ("0002_a", "0002_b")


def upgrade():
    pass
