import { Board, source } from './data.js';

export async function boardsOf(keyId: string, name?: unknown, owner?: unknown) {
  let wanted = name;
  if (name === undefined) {
    name = wanted = '';
  }
  if (owner === null) {
    throw new Error('whose boards?');
  }
  return source
    .getRepository(Board)
    .createQueryBuilder('board')
    .where('board.keyId = :keyId', { keyId })
    .orderBy('board.id')
    .getMany();
}
