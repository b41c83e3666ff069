const express = require('express')
const knex = require('knex')

const db = knex({ client: 'pg' })
const app = express()

app.get('/films', async (req, res) => {
  const films = await db('films').select('id', 'title')
  const tickets = await db('tickets').whereIn('film_id', films.map((film) => film.id)).select('id', 'film_id')
  for (const film of films) {
    film.tickets = tickets.filter((ticket) => ticket.film_id === film.id).length
  }
  res.json(films)
})

app.get('/newest', async (req, res) => {
  const films = await db('films').orderBy('id', 'desc').limit(3)
  for (const film of films) {
    film.tickets = await db('tickets').where({ film_id: film.id })
  }
  res.json(films)
})

app.post('/films/close', async (req, res) => {
  const films = await db('films').where({ closed: false })
  for (const film of films) {
    const open = await db('tickets').where({ film_id: film.id }).first()
    await db('films').where({ id: film.id }).update({ closed: !open })
  }
  res.sendStatus(204)
})

app.get('/films/:id', async (req, res) => {
  const film = await db('films').where({ id: req.params.id }).first()
  const names = ['actors', 'tickets']
  for (const name of names) {
    film[name] = await db(name).where({ film_id: film.id })
  }
  res.json(film)
})

module.exports = app
