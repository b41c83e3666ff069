import { Tree } from '../trees.js'

interface Shape {
  size: number
}
interface Shape {
  name: string
}
class Shape {
  kind = 'shape'
}
namespace Shape {
  export const none = 0
}
enum Colour {
  Red,
}
enum Colour {
  Green = 1,
}
type Size = number
const Size = 3

function paint(tree: string): string
function paint(tree: number): string
function paint(tree: unknown): string {
  return String(tree)
}

declare const wind: number
declare function blow(): void
declare function blow(strength: number): void

abstract class Plant {
  constructor(name: string)
  constructor(name: string, age: number)
  constructor(name: string, age = 0) {
    blow(age + wind + name.length)
  }
}

export { Colour, Plant, Shape, Size, Tree, paint }
