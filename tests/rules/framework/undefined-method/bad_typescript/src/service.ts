import { TreeStore } from './store'

export class TreeService {
  constructor(private readonly store: TreeStore) {}

  one(id: string) {
    const tree = this.store.findOne(id) // expect: any/undefined-method
    return tree.toResponse()
  }
}
