import { BelongsTo, Column, DataType, ForeignKey, Model, Table } from "sequelize-typescript";
import { Picker } from "./picker";
import { Tree } from "./tree";

@Table({ tableName: "harvests", underscored: true })
export class Harvest extends Model {
  @ForeignKey(() => Tree)
  @Column(DataType.INTEGER)
  declare treeId: number;

  @BelongsTo(() => Tree)
  declare tree: Tree;

  @ForeignKey(() => Picker)
  @Column(DataType.INTEGER)
  declare pickerId: number;

  @BelongsTo(() => Picker)
  declare picker: Picker;

  @Column(DataType.INTEGER)
  declare kilos: number;
}
