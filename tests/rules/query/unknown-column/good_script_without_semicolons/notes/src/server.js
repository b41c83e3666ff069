import { PrismaClient } from "@prisma/client";
import express from "express";

const prisma = new PrismaClient();
const app = express();

app.get("/readers", async (req, res) => {
  res.json(await prisma.reader.findMany({ take: 50 }));
});

app.listen(3002);
