exports.up = (db, cb) => db.runSql('CREATE TABLE flags (id serial, name text); CREATE TABLE links (id serial, url text);', cb)
