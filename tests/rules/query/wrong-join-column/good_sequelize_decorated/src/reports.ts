import { QueryTypes } from "sequelize";
import { sequelize } from "./database";

export function kilosByKind() {
  return sequelize.query(
    "SELECT t.kind, SUM(h.kilos) AS kilos FROM trees t JOIN harvests h ON h.tree_id = t.id GROUP BY t.kind",
    { type: QueryTypes.SELECT },
  );
}
