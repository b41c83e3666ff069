import type { Request, Response } from 'express';
import type { LoanService } from './service';

export class LoanController {
  constructor(private readonly loans: LoanService) {
    this.lend = this.lend.bind(this);
  }

  async list(_req: Request, res: Response): Promise<void> {
    res.json(await this.loans.list());
  }

  async lend(req: Request, res: Response): Promise<void> {
    res.status(201).json(await this.loans.lend(req.body.copy));
  }

  async renew(req: Request, res: Response): Promise<void> {
    res.json(await this.loans.lend(req.params.copy));
  }
}
