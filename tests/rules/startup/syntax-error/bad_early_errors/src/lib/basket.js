export class Basket {
  #fruit = []

  add(one) {
    this.#fruit.push(one)
    this.#weight += one.weight // expect: startup/syntax-error
  }
}
