import express from 'express'
import { TreeRepository } from './repository.js'
import { TreeService } from './service.js'
import { router } from './routes.js'

const app = express()
const service = new TreeService(new TreeRepository(new Map()))
app.use('/trees', router(service))
app.listen(3000)
