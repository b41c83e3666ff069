const db = require('./db');

const COLUMNS = 'o.id, o.name, (SELECT count(*) FROM trees t WHERE t.orchard_id = o.id) AS tree_count';

const find = (id) => db.one(`SELECT ${COLUMNS} FROM orchards o WHERE o.id = $1`, [id]);
const all = () => db.many('SELECT o.id, o.name FROM orchards o ORDER BY o.name');

module.exports = { all, find };
