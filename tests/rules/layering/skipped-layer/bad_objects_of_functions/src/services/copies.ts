import { copyRepository } from '../repositories/copies';

export const copyService = { list: () => copyRepository.list(20) };
