export interface Order { id: number }
export const { a, b } = { a: 1, b: 2 };
export enum Kind { One, Two }
export abstract class Base {}
export class Service extends Base {}
export { default as helper } from './helper';
export * from './more';
