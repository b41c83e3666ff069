interface Tree {
  id: string
}

export class Store {
  private trees = new Map<string, Tree>()

  async one(id: string): Promise<Tree | undefined> {
    const found = this.trees.get(id)
    if (!found) {
      const found = { id }
      return found
    }
    let found = this.trees.get(id) // expect: startup/syntax-error
    return found
  }
}
