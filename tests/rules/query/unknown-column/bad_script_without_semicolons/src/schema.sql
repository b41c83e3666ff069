-- run one by one in the editor

CREATE TABLE
    readers (
        id SERIAL PRIMARY KEY,
        name VARCHAR(80) NOT NULL -- (as on the card)
    )

CREATE TABLE
    shelves (
        id SERIAL PRIMARY KEY,
        reader_id INTEGER NOT NULL REFERENCES readers (id)
    )

CREATE TABLE
    marks (
        shelf_id INTEGER NOT NULL,
        page INTEGER NOT NULL,
        CONSTRAINT marks_pkey PRIMARY KEY (shelf_id, page)
    )
