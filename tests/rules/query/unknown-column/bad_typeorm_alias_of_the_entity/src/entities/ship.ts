import { BaseEntity, Column, Entity, OneToMany, ManyToOne, PrimaryGeneratedColumn } from 'typeorm';

@Entity('ships')
export class Ship extends BaseEntity {
  @PrimaryGeneratedColumn()
  id: number;

  @Column()
  flag: string;

  @OneToMany(() => Berth, (berth) => berth.ship)
  berths: Berth[];

  static berthed(flag: string) {
    return Ship.getRepository()
      .createQueryBuilder()
      .leftJoinAndSelect('Ship.berths', 'b')
      .where('Ship.flg = :flag', { flag }) // expect: query/unknown-column
      .orderBy('Ship.id')
      .getMany();
  }

  static flagged(flag: string) {
    return this.getRepository()
      .createQueryBuilder()
      .leftJoinAndSelect('Ship.berths', 'b')
      .where('Ship.flag = :flag', { flag })
      .getMany();
  }
}

@Entity('berths')
export class Berth extends BaseEntity {
  @PrimaryGeneratedColumn()
  id: number;

  @ManyToOne(() => Ship, (ship) => ship.berths)
  ship: Ship;
}
