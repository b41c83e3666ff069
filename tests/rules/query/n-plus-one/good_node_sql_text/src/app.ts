import express from 'express'
import { close, drivers, page, settings } from './trips'
import { vansWithStops } from './vans'

const app = express()

app.get('/trips', async (req, res) => res.json(await page(20)))
app.get('/vans', (req, res) => res.json(vansWithStops()))
app.get('/settings', async (req, res) => res.json(await settings()))
app.get('/drivers', async (req, res) => res.json(await drivers(['amy', 'ben'])))
app.post('/close', async (req, res) => res.json(await close()))
app.listen(3000)
