module.exports = async function clubs(instance) {
  instance.get('/', async () => []);
  instance.post('/', async (request, reply) => reply.code(201).send({}));
  instance.route({
    method: ['PUT', 'PATCH'],
    url: '/:id',
    handler: async (request) => ({ id: request.params.id }),
  });
};
