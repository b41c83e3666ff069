const env = process.env.NODE_ENV || 'development';

module.exports = { env, createTables: env !== 'production' };
