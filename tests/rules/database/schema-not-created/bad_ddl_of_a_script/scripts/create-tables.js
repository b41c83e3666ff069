import { db } from "../src/db.js";
import { SCHEMA } from "../src/schema.js";

db.exec(SCHEMA); // expect: database/schema-not-created
db.close();
