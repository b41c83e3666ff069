import { Brackets } from 'typeorm';
import { Board, source } from './data.js';

export async function boardsOf(keyId: string, strictly?: unknown, all?: unknown) {
  const query = source
    .getRepository(Board)
    .createQueryBuilder('board')
    .where(
      new Brackets((inner) => {
        inner.where('board.keyId = :keyId', { keyId });
        if (strictly === undefined) {
          inner.orWhere('board.keyId IS NULL');
        }
      }),
    );
  if (all == null) {
    query.andWhere('board.archived = false');
  }
  return query.orderBy('board.id').getMany();
}
