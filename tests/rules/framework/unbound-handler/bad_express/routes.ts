import { Router, type RequestHandler } from 'express';
import { LoanController } from './controller';
import { LoanService } from './service';

const controller = new LoanController(new LoanService());
const wrap = (handler: RequestHandler): RequestHandler => (req, res, next) => handler(req, res, next);

export const loans = Router();
loans.get('/', controller.list); // expect: framework/unbound-handler
loans.post('/', controller.lend);
loans.post('/:copy/renewal', wrap(controller.renew)); // expect: framework/unbound-handler
