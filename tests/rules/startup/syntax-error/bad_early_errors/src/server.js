import express from 'express'

import { trees } from './routes/trees.js'
import { harvest } from './services/harvest.js'
import { limits } from './lib/limits.js'
import { Basket } from './lib/basket.js'
import { totals } from './lib/totals.js'
import { season } from './lib/season.js'

const app = express()
app.use('/trees', trees(harvest, limits, totals, season, new Basket()))
app.listen(3000)
