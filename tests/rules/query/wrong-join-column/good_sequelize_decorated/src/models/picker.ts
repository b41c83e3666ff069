import { BelongsTo, Column, DataType, ForeignKey, Model, Table } from "sequelize-typescript";

@Table({ tableName: "pickers", underscored: true })
export class Picker extends Model {
  @Column(DataType.TEXT)
  declare name: string;
}
