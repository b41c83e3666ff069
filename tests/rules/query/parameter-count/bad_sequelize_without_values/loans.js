const { QueryTypes, Sequelize } = require('sequelize');

const sequelize = new Sequelize(process.env.DATABASE_URL, { dialect: 'postgres' });

exports.late = () =>
  sequelize.query( // expect: query/parameter-count
    'SELECT id FROM loans WHERE due < :day LIMIT 20',
    { type: QueryTypes.SELECT }
  );
