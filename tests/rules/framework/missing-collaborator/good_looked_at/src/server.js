import express from 'express'
import { Cache, Clock, Mailer, Queue, Store, Unused } from './classes.js'

const app = express()
const cache = new Cache()
const clock = new Clock()
const mailer = new Mailer(undefined)
const queue = new Queue()
queue.connection = app
const unused = new Unused()
const stores = [new Store(app), new Store()]

app.get('/', (req, res) => {
  cache.get('a')
  clock.now()
  mailer.send('a')
  queue.push('a')
  res.json(stores.map((store) => store.find('a')), unused)
})
app.listen(3000)
