from sqlalchemy import Column, ForeignKey, Integer, MetaData, Table

metadata = MetaData()

crates = Table("crates", metadata, Column("id", Integer, primary_key=True))
loans = Table(
    "loans",
    metadata,
    Column("member_id", Integer, primary_key=True),
    Column("crate_id", ForeignKey("crates.id"), primary_key=True),
)
