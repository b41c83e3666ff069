export interface Crate {
  shelf: string;
}

export type Shelf = string;
export const Shelf = { first: "a" };
export class Pallet {}
