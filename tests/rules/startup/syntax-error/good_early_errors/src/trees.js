export class Tree {
  #age = 0
  static #all = new Set()

  constructor(age) {
    this.#age = age
  }

  get age() {
    return this.#age
  }

  set age(value) {
    this.#age = value
  }

  static of(age) {
    class Ring {
      grow(tree) {
        return tree.#age
      }
    }
    Tree.#all.add(new Ring())
    return new Tree(age)
  }
}

export class Orchard {
  static async find(id) {
    for (let i = 0, many = 3; i < many; i++) {
      const one = i
      if (one === id) continue
    }
    for (let i = 0; i < 2; i++) {
      const one = i
      if (one === id) break
    }
    rows: for (const row of [1]) {
      for (const one of [2]) {
        if (one === row) continue rows
      }
    }
    named: {
      if (id === 7) break named
    }
    for await (const row of []) {
      await row
    }
    return id
  }

  static kind(id, fallback) {
    switch (id) {
      case 1: {
        const word = 'apple'
        return word
      }
      case 2: {
        const word = 'pear'
        return word
      }
      default:
        break
    }
    try {
      return Orchard.other(id)
    } catch (fallback) {
      var fallback = 1
      const error = fallback
      return error
    }
  }

  static other(id, given) {
    var id = (id || given) ?? 0
    const least = given ?? (id && 1)
    if (least) {
      const given = least
      return given
    }
    return function least() {
      const least = 2
      return least
    }
  }

  static *walk(rows) {
    yield* rows
    yield rows.length
  }
}

function grow() {}
export { grow as default, grow }
