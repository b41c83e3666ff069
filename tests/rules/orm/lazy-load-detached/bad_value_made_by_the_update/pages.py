from tables import Page, sessions


def rename(page_id, title):
    with sessions() as session:
        page = session.get(Page, page_id)
        page.title = title
        session.commit()
    return page
