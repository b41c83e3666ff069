import cors from 'cors';
import express from 'express';
import { loadBridge, requireDriver, requireRole } from './guards.js';

const app = express();
app.use(express.json); // expect: framework/called-handler
app.use(cors); // expect: framework/called-handler

const tolls = express.Router();
tolls.get('/bridges', requireDriver(), (req, res) => res.json([])); // expect: framework/called-handler
tolls.post('/bridges', [requireDriver, requireRole], (req, res) => res.json({})); // expect: framework/called-handler
tolls.get('/bridges/:id', loadBridge(), (req, res) => res.json(req.bridge)); // expect: framework/called-handler

app.use('/api', tolls);
app.listen(3000);
