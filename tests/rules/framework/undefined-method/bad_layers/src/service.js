import { TreeRepository } from './repository.js'

export class TreeService {
  #trees

  constructor(trees) {
    this.#trees = trees
  }

  static of(rows) {
    return new TreeService(new TreeRepository(new Map(rows)))
  }

  list({ kind }) {
    return this.#trees.byKinds(kind) // expect: any/undefined-method
  }

  plant(tree) {
    this._check(tree) // expect: any/undefined-method
    return this.#trees.save(tree)
  }
}
