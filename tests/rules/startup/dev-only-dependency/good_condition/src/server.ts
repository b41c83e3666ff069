import type { CompilerOptions } from 'typescript';
import Fastify from 'fastify';

export type Options = CompilerOptions;
const isProduction = process.env.NODE_ENV === 'production';
const app = Fastify({
  logger: isProduction ? true : { transport: { target: 'pino-pretty' } },
});
app.get('/loans', async () => ({ loans: [] }));
await app.listen({ port: 3000 });
