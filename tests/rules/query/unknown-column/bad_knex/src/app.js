const express = require('express')
const orders = require('./orders')

const app = express()
app.get('/orders', async (req, res) => {
  res.json(await orders.recent(20))
})
app.get('/orders/search', async (req, res) => {
  res.json(await orders.search(req.query))
})
module.exports = app
