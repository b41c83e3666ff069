import { Hono } from 'hono';
import { copies } from './routes/copies';
import { fines } from './routes/fines';
import { loans } from './routes/loans';
import { members } from './routes/members';

const app = new Hono();
app.route('/copies', copies);
app.route('/fines', fines);
app.route('/loans', loans);
app.route('/members', members);

export default app;
