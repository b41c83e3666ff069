const knex = require('knex')

const db = knex({ client: 'better-sqlite3', connection: { filename: 'wiki.db' }, useNullAsDefault: true })

exports.search = async (term) => db('pages').where('title', 'ilike', `%${term}%`).select('id') // expect: query/unsupported-lookup

exports.newest = async () => db('pages').distinctOn('author_id').orderBy('id', 'desc') // expect: query/unsupported-lookup

exports.tagged = async (tag) => db('pages').whereJsonSupersetOf('tags', [tag]) // expect: query/unsupported-lookup

exports.plain = async (term) => db('pages').where('title', 'like', `%${term}%`).insert({ title: term }).returning('*')
