import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import { Hono, type Context } from 'hono';

class Loans {
  private readonly rows: string[] = [];

  async list(_request: FastifyRequest, reply: FastifyReply) {
    return reply.send(this.rows);
  }

  count(c: Context) {
    return c.json({ total: this.rows.length });
  }
}

class Routes {
  private readonly loans = new Loans();

  register() {
    const app = Fastify();
    app.get('/loans', this.loans.list); // expect: framework/unbound-handler
    app.route({ method: 'GET', url: '/all', handler: this.loans.list }); // expect: framework/unbound-handler
    return app;
  }

  count() {
    return new Hono().get('/count', this.loans.count); // expect: framework/unbound-handler
  }
}

const routes = new Routes();
routes.register().listen({ port: 3000 });
export default routes.count();
