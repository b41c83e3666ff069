CREATE UNIQUE INDEX loans_once ON loans (member_id, crate_id);
