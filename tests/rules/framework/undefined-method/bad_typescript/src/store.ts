export class Tree {
  constructor(readonly id: string) {}

  toResponse() {
    return { id: this.id }
  }
}

export class TreeStore {
  private trees = new Map<string, Tree>()

  one(id: string): Tree {
    return this.trees.get(id) ?? new Tree(id)
  }
}
