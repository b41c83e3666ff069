import { Column, Entity, ManyToMany, OneToMany, PrimaryGeneratedColumn } from 'typeorm';
import { Book } from './book.js';

export class Fine {
  amount = 0;
}

export class Address {
  @Column()
  street!: string;

  @Column()
  city!: string;
}

@Entity('readers')
export class Reader {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Column()
  name!: string;

  @Column(() => Address)
  address!: Address;

  @OneToMany(() => Book, 'borrower') // expect: orm/association-mismatch
  loans!: Book[];

  @ManyToMany(() => Book, (book) => book.wanted)
  wishes!: Book[];

  @ManyToMany(() => Book) // expect: orm/association-mismatch
  reviews!: Book[];

  @OneToMany(() => Fine, 'reader') // expect: orm/association-mismatch
  fines!: Fine[];
}
