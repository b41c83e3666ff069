import express from 'express';
import { berthsRoutes } from './routes/berths';
import { boatsRoutes } from './routes/boats';
import { sailorsRoutes } from './routes/sailors';

export function build(service: { list(): Promise<string[]> }) {
  const app = express();
  app.use('/boats', boatsRoutes(service));
  app.use('/berths', berthsRoutes(service));
  return app;
}
