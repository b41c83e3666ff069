const { QueryTypes, Sequelize } = require('sequelize');

const sequelize = new Sequelize(process.env.DATABASE_URL, { dialect: 'postgres' });

exports.late = () =>
  sequelize.query(
    "SELECT id, due::date, tags ? 'lost' AS lost FROM loans WHERE note <> 'at 10:30 :day' LIMIT 20",
    { type: QueryTypes.SELECT }
  );
exports.all = (options) => sequelize.query('SELECT id FROM loans WHERE due < :day LIMIT 20', options);
exports.some = (options) =>
  sequelize.query('SELECT id FROM loans WHERE due < :day LIMIT 20', { ...options, raw: true });
