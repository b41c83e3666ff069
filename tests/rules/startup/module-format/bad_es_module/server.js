import express from 'express';
import settings from './settings.json'; // expect: startup/module-format
import { router } from './routes.js';

const app = express();
app.use(express.static(__dirname + '/public')); // expect: startup/module-format
app.use(router);
app.listen(settings.port);
