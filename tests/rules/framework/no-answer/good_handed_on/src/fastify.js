import Fastify from 'fastify';
import { ferries } from './ferries.js';

const app = Fastify();
app.get('/ferries', async () => ferries.all());
app.get('/live', { websocket: true }, (socket, request) => {
  socket.on('message', () => socket.send(request.id));
});
app.get('/raw', (request, reply) => {
  reply.raw.end('x');
});
app.listen({ port: 3000 });
