import cors from 'cors';
import express from 'express';
import { either, guard, loadBridge, requireDriver, requireRole } from './guards.js';

const app = express();
app.use(express.json());
app.use(cors());

const tolls = express.Router();
tolls.use(guard());
tolls.get('/bridges', requireDriver, (req, res) => res.json([]));
tolls.post('/bridges', [requireDriver, requireRole('owner')], (req, res) => res.json({}));
tolls.get('/bridges/:id', either(), loadBridge, (req, res) => res.json(req.bridge));
tolls.delete('/bridges/:id', either(true), (req, res) => res.json({}));

app.use('/api', tolls);
app.listen(3000);
