import { NotFound } from './errors'

export class TreeStore {
  private trees = new Map<string, { id: string }>()

  one(id: string) {
    return this.trees.get(id)
  }

  remove(id: string) {
    if (!this.trees.delete(id)) throw new NotFound(id)
    this.trees.delete(key) // expect: any/undefined-name
  }

  private named(key: string) {
    return key.toLowerCase()
  }
}
