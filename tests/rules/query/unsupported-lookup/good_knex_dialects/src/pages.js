const db = require('./db')

exports.search = async (term) => db('pages').where('title', 'ilike', `%${term}%`).select('id')
