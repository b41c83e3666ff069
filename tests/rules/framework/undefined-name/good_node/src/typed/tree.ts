export interface Tree {
  age: number
}
