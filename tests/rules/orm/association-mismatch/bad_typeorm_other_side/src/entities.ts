import { Column, Entity, ManyToOne, OneToMany, PrimaryGeneratedColumn } from 'typeorm';

@Entity()
export class Branch {
  @PrimaryGeneratedColumn()
  id!: number;

  @OneToMany(() => Visit, (visit) => visit.guest) // expect: orm/association-mismatch
  visits!: Visit[];
}

@Entity()
export class Guest {
  @PrimaryGeneratedColumn()
  id!: number;

  @OneToMany(() => Visit, (visit) => visit.guest)
  visits!: Visit[];
}

@Entity()
export class Visit {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column()
  day!: string;

  @ManyToOne(() => Guest, (guest) => guest.visits)
  guest!: Guest;

  @ManyToOne(() => Branch, (branch) => branch.visits)
  branch!: Branch;
}
