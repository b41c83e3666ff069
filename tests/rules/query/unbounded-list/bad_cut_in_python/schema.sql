CREATE TABLE shelves (id bigint PRIMARY KEY, name text);
CREATE TABLE authors (id bigint PRIMARY KEY, name text);
CREATE TABLE books (
    id bigint PRIMARY KEY,
    title text,
    author_id bigint REFERENCES authors (id),
    shelf_id bigint REFERENCES shelves (id),
    added timestamptz
);
CREATE TABLE follows (
    reader_id bigint,
    author_id bigint REFERENCES authors (id),
    PRIMARY KEY (reader_id, author_id)
);
