exports.up = (db, cb) => db.addColumn('flags', 'project', { type: 'string' }, cb)
