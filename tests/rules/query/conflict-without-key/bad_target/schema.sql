CREATE TABLE loans (
    id SERIAL PRIMARY KEY,
    member_id INTEGER NOT NULL,
    crate_id INTEGER NOT NULL,
    CONSTRAINT a_member_once CHECK (member_id > 0)
);
