export class TreeService {
  constructor(trees, events) {
    this.trees = trees
    this.events = events
  }

  list() {
    return this.trees.list()
  }

  plant(tree) {
    this.events.publish('planted', tree)
    return tree
  }
}
