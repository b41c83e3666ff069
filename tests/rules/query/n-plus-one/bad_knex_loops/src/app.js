const express = require('express')
const films = require('./films')

const app = express()
app.get('/films', async (req, res) => res.json(await films.list()))
app.get('/films/counted', async (req, res) => res.json(await films.counted()))
module.exports = app
