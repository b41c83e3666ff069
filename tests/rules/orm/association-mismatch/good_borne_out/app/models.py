from sqlalchemy import Column, ForeignKey, ForeignKeyConstraint, Integer, String, Table
from sqlalchemy.orm import Mapped, backref, mapped_column, relationship

from app.base import Base, OwnedMixin, link, user_key

followers = Table(
    "followers",
    Base.metadata,
    Column("follower_id", ForeignKey("user.id")),
    Column("followed_id", ForeignKey("user.id")),
)


class User(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    home_id: Mapped[int | None] = link("address.id")
    sent: Mapped[list["Message"]] = relationship(
        back_populates="sender", foreign_keys="Message.sender_id"
    )
    received: Mapped[list["Message"]] = relationship(
        back_populates="receiver", foreign_keys="Message.receiver_id"
    )
    following: Mapped[list["User"]] = relationship(
        secondary=followers,
        primaryjoin=id == followers.c.follower_id,
        secondaryjoin=id == followers.c.followed_id,
        back_populates="fans",
    )
    fans: Mapped[list["User"]] = relationship(
        secondary=followers,
        primaryjoin=id == followers.c.followed_id,
        secondaryjoin=id == followers.c.follower_id,
        back_populates="following",
    )
    notes: Mapped[list["Note"]] = relationship(
        back_populates="writer", foreign_keys="Note.writer_id"
    )
    audits: Mapped[list["Audit"]] = relationship(
        primaryjoin="User.id == foreign(Audit.user_number)", viewonly=True
    )
    home: Mapped["Address"] = relationship("app.models.Address")


class Manager(User):
    id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    reports: Mapped[list["Report"]] = relationship(back_populates="manager")


class Report(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    manager_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    manager: Mapped[Manager] = relationship(back_populates="reports")


class Message(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    sender_id: Mapped[int] = mapped_column(ForeignKey(User.id))
    receiver_id: Mapped[int] = mapped_column(ForeignKey(User.id))
    sender: Mapped[User] = relationship(back_populates="sent", foreign_keys=[sender_id])
    receiver: Mapped[User] = relationship(back_populates="received", foreign_keys=[receiver_id])


class Note(OwnedMixin, Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    writer_id: Mapped[user_key]
    writer: Mapped[User] = relationship(back_populates="notes", foreign_keys="Note.writer_id")
    parent_id: Mapped[int] = mapped_column(ForeignKey("note.id"))
    children = relationship("Note", backref=backref("parent", remote_side=[id]))


class Audit(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    user_number = Column(Integer)


class Address(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    street = Column(String)


class Parcel(Base):
    country = Column(String, primary_key=True)
    number = Column(Integer, primary_key=True)


class Stamp(Base):
    __table_args__ = (
        ForeignKeyConstraint(["country", "number"], ["parcel.country", "parcel.number"]),
    )
    id = Column(Integer, primary_key=True)
    country = Column(String)
    number = Column(Integer)
    parcel = relationship(Parcel)


class Page(Base):
    id: Mapped[int] = mapped_column(primary_key=True)
    parent_id: Mapped[int] = mapped_column(ForeignKey("page.id"))
    parent: Mapped["Page"] = relationship(back_populates="children", remote_side=[id])
    children: Mapped[list["Page"]] = relationship(back_populates="parent")
