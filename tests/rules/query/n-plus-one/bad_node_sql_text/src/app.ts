import express from 'express'
import { TripService } from './tripService'
import { vansWithStops } from './vans'
import { depots } from './depots'

const app = express()
const trips = new TripService()

app.get('/trips', async (req, res) => res.json(await trips.page(20)))
app.get('/vans', (req, res) => res.json(vansWithStops()))
app.get('/depots', async (req, res) => res.json(await depots()))
app.listen(3000)
