CREATE TABLE boats (id serial PRIMARY KEY, label text NOT NULL);
CREATE TABLE sailors (id serial PRIMARY KEY, name text NOT NULL);
CREATE TABLE crews (boat_id integer REFERENCES boats (id), sailor_id integer REFERENCES sailors (id));
