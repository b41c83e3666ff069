export class LoanService {
  async list(): Promise<string[]> {
    return [];
  }

  async lend(copy: string): Promise<string> {
    return copy;
  }
}
