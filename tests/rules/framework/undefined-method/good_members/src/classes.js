import Model from 'some-model'

export class Store extends Model {
  put = (key) => this.write(key)
}

export class Tree {
  save() {}
}

export class Mixed {}

export class Cache {
  constructor() {
    return new Proxy(this, { get: () => () => 1 })
  }
}

export class Config {
  static get(key) {
    const config = new Config()
    for (const name of [key]) config[name] = () => name
    return config
  }
}

class Base {
  area() {
    return this.size()
  }
}

export class Shape extends Base {
  size() {
    return 1
  }
}

export class Controller {
  static show(req, res) {
    res.json(this.settings())
  }

  list() {
    return this.render()
  }
}
export const bound = new Controller().list.bind({ render: () => 1 })

export class Plugin {
  init() {
    this.wrap('x')
  }
}
