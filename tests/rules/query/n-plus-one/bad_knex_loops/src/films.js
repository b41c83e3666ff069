const db = require('./db')

const actorsOf = async (filmId) =>
  db('actors').join('roles', 'roles.actor_id', 'actors.id').where('roles.film_id', filmId).select('actors.name')

async function list() {
  const films = await db('films').select('id', 'title').orderBy('title').limit(50)
  return Promise.all(
    films.map(async (film) => ({
      ...film,
      actors: await actorsOf(film.id), // expect: query/n-plus-one
    })),
  )
}

async function counted() {
  const films = await db('films').select('*')
  for (const film of films) {
    const row = await db('tickets').where({ film_id: film.id }).count('id as n').first() // expect: query/n-plus-one
    film.tickets = row.n
  }
  return films
}

module.exports = { list, counted }
