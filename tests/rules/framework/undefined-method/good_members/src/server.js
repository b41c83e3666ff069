import express from 'express'
import { EventEmitter } from 'node:events'
import { Cache, Config, Controller, Mixed, Plugin, Shape, Store, Tree } from './classes.js'
import engine from 'wasm-engine'

const app = express()
const store = new Store()
const cache = new Cache()
Object.assign(Mixed.prototype, { mixed() {} })
store.extra = () => 1
engine(new Plugin())

class Bus extends EventEmitter {
  send(name) {
    this.emit(name)
  }
}

function load(given) {
  const one = given ? new Store() : new Tree()
  if (one.reload) one.reload()
  one.close?.()
  return one
}

app.get('/', Controller.show.bind(app))
app.get('/x', (req, res) => {
  store.extra()
  new Mixed().mixed()
  new Bus().send('x')
  cache.whatever()
  Config.get('a').anything()
  new Shape().area()
  store.query('x').first()
  load(req.query).save()
  res.json(store.toString())
})
app.listen(3000)
