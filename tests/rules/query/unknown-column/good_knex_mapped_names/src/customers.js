const db = require('./db')

exports.named = async (fullName) => await db('customers').where({ fullName }).first('id', 'fullName')
