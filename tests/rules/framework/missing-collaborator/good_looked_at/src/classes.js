export class Cache {
  constructor(client) {
    this.client = client
  }

  get(key) {
    return this.client?.get(key)
  }
}

export class Clock {
  constructor(source) {
    this.source = source || Date
  }

  now() {
    return this.source.now()
  }
}

export class Mailer {
  constructor(transport) {
    this.transport = transport
  }

  send(text) {
    if (!this.transport) return
    this.transport.send(text)
  }
}

export class Queue {
  constructor(connection) {
    this.connection = connection
  }

  push(item) {
    this.connection.push(item)
  }
}

export class Unused {
  constructor(db) {
    this.db = db
  }

  never() {
    this.db.close()
  }
}

export class Store {
  constructor(db) {
    this.db = db
  }

  find(key) {
    return this.db.get(key)
  }
}
