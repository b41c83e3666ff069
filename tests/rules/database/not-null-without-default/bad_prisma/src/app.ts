import express from "express";
import { PrismaClient } from "@prisma/client";

const app = express();
const prisma = new PrismaClient();

app.get("/users", async (req, res) => {
  res.json(await prisma.user.findMany({ take: 20 }));
});

app.listen(3000);
