import sqlalchemy as sa
from sqlalchemy import and_, exists, func, or_, select

from lending.models import Loan, Member, Settings, loans
from lending.reports import frame


def open_loans(session, member_id, today):
    statement = (
        select(Loan)
        .where(
            Loan.member_id == member_id,
            # ruleid: orm-python-operator-in-filter
            Loan.returned is None,
            # ok: orm-python-operator-in-filter
            Loan.due < today,
        )
        .order_by(Loan.due)
    )
    return session.scalars(statement)


def more(session, member_id, today, strict):
    # ruleid: orm-python-operator-in-filter
    session.query(Loan).filter(Loan.returned is not None).all()
    # ruleid: orm-python-operator-in-filter
    session.query(Member).filter(not Member.active).all()
    # ruleid: orm-python-operator-in-filter
    session.query(Loan).filter(not Loan.member_id == member_id).all()
    # ruleid: orm-python-operator-in-filter
    session.query(Loan).filter(or_(Loan.due < today, Loan.returned is None)).all()
    # ruleid: orm-python-operator-in-filter
    session.query(Loan).filter(sa.and_(Loan.due < today, not Loan.lost)).all()
    # ruleid: orm-python-operator-in-filter
    session.execute(select(loans).where(loans.c.returned is None))
    # ok: orm-python-operator-in-filter
    session.query(Loan).filter(Loan.returned.is_(None)).all()
    # ok: orm-python-operator-in-filter
    session.query(Loan).filter(Loan.returned == None).all()
    # ok: orm-python-operator-in-filter
    session.query(Member).filter(~Member.active).all()
    # ok: orm-python-operator-in-filter
    session.query(Loan).filter(Loan.due < today if strict is not None else Loan.due <= today).all()
    # ok: orm-python-operator-in-filter
    session.query(Loan).filter((Loan.due < today) | (Loan.returned.is_(None))).all()
    # ok: orm-python-operator-in-filter
    session.query(Loan).filter(Loan.late == (strict is None)).all()
    # ok: orm-python-operator-in-filter
    session.query(Loan).filter(True if Settings.strict is None else Loan.late).all()
    # ok: orm-python-operator-in-filter
    session.query(Loan).filter(Settings.strict is None).all()
    # ok: orm-python-operator-in-filter
    session.query(Loan).filter(Loan.day.in_([day for day in today if day.start is None])).all()
    # ok: orm-python-operator-in-filter
    return [loan for loan in filter(lambda one: one.returned is None, session.scalars(select(Loan)))]


def joined(session, member_id, today, kinds, strict, other):
    # ruleid: orm-python-and-in-filter
    session.query(Loan).filter(Loan.member_id == member_id and Loan.due < today).all()
    # ruleid: orm-python-and-in-filter
    session.query(Loan).filter(Loan.due < today or Loan.lost.is_(True)).all()
    # ruleid: orm-python-and-in-filter
    select(Loan).where(Loan.title.contains(other) or Loan.note.contains(other))
    # ruleid: orm-python-and-in-filter
    select(Loan).where(Loan.kind == other and Loan.due < today and Loan.lost.is_(True))
    # ruleid: orm-python-and-in-filter
    select(Loan).where(Loan.lost.is_(True), or_(Loan.kind == other, Loan.due < today and Loan.kind != other))
    # ruleid: orm-python-and-in-filter
    select(Loan).where((Loan.kind == other) and (Loan.due < today))
    # ok: orm-python-and-in-filter
    session.query(Loan).filter(and_(Loan.member_id == member_id, Loan.due < today)).all()
    # ok: orm-python-and-in-filter
    session.query(Loan).filter(Loan.member_id == member_id, Loan.due < today).all()
    # ok: orm-python-and-in-filter
    select(Loan).where((Loan.kind == other) & (Loan.due < today))
    # ok: orm-python-and-in-filter
    select(Loan).where(Loan.member_id == (member_id or other))
    # ok: orm-python-and-in-filter
    select(Loan).where(Loan.title == "salt and pepper", Loan.kind == other)
    # ok: orm-python-and-in-filter
    select(Loan).where(Loan.kind.in_([kind for kind in kinds if kind.size > 1 and kind.name == other]))
    # ok: orm-python-and-in-filter
    select(Loan).where(Loan.kind.in_([kind for kind in kinds if Settings.size > 1 and kind != other]))
    # ok: orm-python-and-in-filter
    select(Loan).where(Loan.late == (Settings.day == today and strict))
    # ok: orm-python-and-in-filter
    select(Loan).where(strict and Loan.late or Loan.due < today)
    # ok: orm-python-and-in-filter
    select(Loan).where(Settings.mode == "strict" and Loan.late)
    # ruleid: orm-python-and-in-filter
    select(Loan).where(Loan.id.in_(select(Member.id).where(Member.kind == other or Member.active)))
    # ok: orm-python-and-in-filter
    frame.filter(frame.kind == other and frame.due < today)
    # ok: orm-python-and-in-filter
    select(Loan).where(exists().where(Member.id == Loan.member_id, Member.active.is_(True)))
    # ok: orm-python-and-in-filter
    select(Loan).where(func.coalesce(Loan.due, today) == today)


# in Python, after the query
def after(session, today):
    found = session.query(Loan).filter(Loan.due < today).all()
    # ok: orm-python-and-in-filter
    return [one for one in found if one.returned is None and one.due < today]
