CREATE TABLE people (id INTEGER PRIMARY KEY, code TEXT, manager_id INTEGER REFERENCES people (id));
CREATE TABLE employees (id INTEGER PRIMARY KEY REFERENCES people (id), grade TEXT);
CREATE TABLE teams (id INTEGER PRIMARY KEY, lead_id INTEGER REFERENCES employees (id));
CREATE TABLE absences (person_id INTEGER REFERENCES people (id), day TEXT, external TEXT);
CREATE TABLE imports (id INTEGER PRIMARY KEY, person INTEGER, code INTEGER);
