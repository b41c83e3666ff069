import { fineRepository } from '../repositories/fines';

export const fineService = { list: () => fineRepository.list(20) };
