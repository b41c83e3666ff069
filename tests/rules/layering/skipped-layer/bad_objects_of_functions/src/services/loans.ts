import { loanRepository } from '../repositories/loans';

export const loanService = { list: () => loanRepository.list(20) };
