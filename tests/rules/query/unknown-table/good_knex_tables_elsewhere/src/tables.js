module.exports = process.env.TABLES.split(',')
