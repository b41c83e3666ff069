from sqlalchemy import and_, or_, select

from lending.models import Loan, Member


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
    session.query(Loan).filter(Loan.member_id == member_id and Loan.due < today).all()
    # ruleid: orm-python-operator-in-filter
    session.query(Loan).filter(or_(Loan.due < today, Loan.returned is None)).all()
    # ok: orm-python-operator-in-filter
    session.query(Loan).filter(Loan.returned.is_(None)).all()
    # ok: orm-python-operator-in-filter
    session.query(Member).filter(~Member.active).all()
    # ok: orm-python-operator-in-filter
    session.query(Loan).filter(and_(Loan.member_id == member_id, Loan.due < today)).all()
    # ok: orm-python-operator-in-filter
    session.query(Loan).filter(Loan.due < today if strict is not None else Loan.due <= today).all()
    # ok: orm-python-operator-in-filter
    session.query(Loan).filter((Loan.due < today) | (Loan.returned.is_(None))).all()
    # ok: orm-python-operator-in-filter
    return [loan for loan in filter(lambda one: one.returned is None, session.scalars(select(Loan)))]
