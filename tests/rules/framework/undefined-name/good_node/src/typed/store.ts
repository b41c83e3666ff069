import type { Tree } from './tree'

type Listener = (tree: Tree) => void
interface Base<K> {
  key: Keys[Extract<K, string>]
}

export class Store<T extends object> extends Map<string, Partial<Record<string, T>>> implements Base<T> {
  declare key: Wherever
  private listeners: Listener[] = []

  constructor(private readonly name: string) {
    super()
  }

  one<K>(id: string, make: (key: K) => T): T {
    return <T>(this.get(id) as unknown as T) ?? make(<K>(id as unknown))
  }

  label(this: Store<T>): string {
    enum Kind {
      Apple = 1,
      Pear = Apple + 1,
    }
    return `${Kind.Pear}${this.name}${ambient}`
  }
}
