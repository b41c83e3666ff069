import { BelongsTo, Column, DataType, ForeignKey, Model, Table } from "sequelize-typescript";

@Table({ tableName: "trees", underscored: true })
export class Tree extends Model {
  @Column(DataType.TEXT)
  declare kind: string;
}
