import { FastifyInstance, FastifyRequest } from 'fastify';

export function createUsers(fastify: FastifyInstance) {
  return { list: (_request: FastifyRequest) => fastify.knex('users').limit(20) };
}

declare module 'fastify' {
  export interface FastifyInstance {
    users: ReturnType<typeof createUsers>;
  }
}
