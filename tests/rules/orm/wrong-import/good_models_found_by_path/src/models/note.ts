import { BelongsTo, Column, DataType, ForeignKey, HasMany, Model, Table } from "sequelize-typescript";
import { Plant } from "./plant";

@Table({ tableName: "notes" })
export class Note extends Model {
  @ForeignKey(() => Plant)
  @Column(DataType.INTEGER)
  declare plantId: number;

  @BelongsTo(() => Plant)
  declare plant: Plant;
}
